// Light, dark or as the device says. Kept in a cookie for this browser and, when signed in, for the person.
import { csrfToken } from "./words.js";

const root = document.documentElement;
const night = matchMedia("(prefers-color-scheme: dark)");

function shown() {
  const chosen = root.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : night.matches ? "dark" : "light";
}

function draw() {
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === (root.dataset.theme || "system")));
  }
  for (const use of document.querySelectorAll("[data-theme-toggle] use")) {
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown() === "dark" ? "#sun" : "#moon"));
  }
}

function choose(theme) {
  root.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  draw();
  const url = document.body.dataset.themeUrl;
  if (!url) return;
  const body = new URLSearchParams({ theme });
  // The cookie already holds the choice here; the server's copy is for the person's other devices.
  fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } })
    .catch((error) => console.warn("The theme was kept in this browser only.", error));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-theme-toggle], [data-theme-set]");
  if (button) choose(button.dataset.themeSet ?? (shown() === "dark" ? "light" : "dark"));
});
night.addEventListener("change", draw);
draw();
