// Says in words how well a new password holds, while it is typed. The server decides; this only helps.
const words = document.querySelector("[data-strength-words]")?.dataset;

function judge(password) {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u, /\p{Lo}/u].filter((kind) => kind.test(password)).length;
  const different = new Set(password).size;
  if ([...password].length < 10) return "short";
  if (different < 6 || /^(?:\p{N}+|(.{1,3})\1+)$/u.test(password)) return "weak";
  return password.length >= 16 || (password.length >= 12 && kinds >= 3) ? "strong" : "fair";
}

function watch(field) {
  const line = document.createElement("p");
  line.className = "strength";
  line.setAttribute("role", "status");
  field.closest(".field").append(line);
  const show = () => {
    const level = field.value ? judge(field.value) : "";
    line.dataset.level = level;
    line.textContent = level ? words[level] : "";
  };
  field.addEventListener("input", show);
  show();
}

if (words) document.querySelectorAll("[data-strength]").forEach(watch);
