// Images of a draft: chosen, dropped or pasted; uploaded at once; each with an alternative text.
import { csrfToken } from "../design/words.js";

async function upload(form, panel, file, complain) {
  const body = new FormData();
  body.append("tab", panel.dataset.tab);
  body.append("token", panel.querySelector('input[name="token"]').value);
  body.append("image", file);
  const place = panel.querySelector("[data-pictures]");
  place.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.dataset.imageUrl, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" } });
    const text = await response.text();
    if (!response.ok) return complain(new DOMParser().parseFromString(text, "text/html").body.textContent.trim());
    place.insertAdjacentHTML("beforeend", text);
    window.htmx?.process(place);
    place.querySelector("[data-picture]:last-child input")?.focus();
    document.dispatchEvent(new CustomEvent("sotong:pictures"));
  } catch (error) {
    console.warn("The image was not uploaded.", error);
    complain("");
  } finally {
    place.removeAttribute("aria-busy");
  }
  return undefined;
}

/** Show the images that the server keeps with the draft. */
export async function showPictures(panel, url) {
  const place = panel.querySelector("[data-pictures]");
  const response = place && await fetch(url, { headers: { "HX-Request": "true" } });
  if (!response?.ok) return;
  place.innerHTML = await response.text();
  window.htmx?.process(place);
  document.dispatchEvent(new CustomEvent("sotong:pictures"));
}

/** Watch the composer's file button, drops and pastes. */
export function watchPictures(composer, panelOf, complain) {
  const add = async (files) => {
    const form = composer();
    const panel = form && panelOf(form);
    if (!panel?.querySelector("[data-pictures]")) return;
    for (const file of files) await upload(form, panel, file, complain);
  };
  const images = (list) => [...(list ?? [])].filter((file) => file.type.startsWith("image/"));
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("#composer input[type='file']")) return;
    add([...event.target.files]);
    event.target.value = "";
  });
  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("#composer") && images(event.clipboardData?.files).length) {
      event.preventDefault();
      add(images(event.clipboardData.files));
    }
  });
  document.addEventListener("dragover", (event) => { if (event.target.closest?.("#composer")) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!event.target.closest?.("#composer")) return;
    event.preventDefault();
    add(images(event.dataTransfer?.files));
  });
  document.addEventListener("sotong:picture-removed", () => document.dispatchEvent(new CustomEvent("sotong:pictures")));
}
