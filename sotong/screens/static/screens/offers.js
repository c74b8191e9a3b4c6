// News on the desk: they stand above the composer and beside the list, and what is void goes: an offer to reopen, a refusal.
const region = document.getElementById("toasts");
const MARGIN_PX = 16;
let watched = null;

function place() {
  const composer = document.querySelector("#panel .composer");
  if (composer !== watched) {
    if (watched) sizes.unobserve(watched);
    if (composer) sizes.observe(composer);
    watched = composer;
  }
  const thread = document.querySelector("#panel > *");
  region.removeAttribute("style");
  if (!thread?.checkVisibility()) return;
  const left = thread.getBoundingClientRect().left + MARGIN_PX;
  region.style.left = `${left}px`;
  region.style.maxWidth = `${innerWidth - left - MARGIN_PX}px`;
  region.style.bottom = composer?.checkVisibility() ? `${innerHeight - composer.getBoundingClientRect().top + MARGIN_PX / 2}px` : `${MARGIN_PX}px`;
}
const sizes = new ResizeObserver(place);
sizes.observe(document.querySelector(".desk"));
new MutationObserver(place).observe(region, { childList: true });

// The head of the open conversation offers the same for as long as it holds; before it has heard of it, nothing is known.
function endVoid() {
  for (const offer of region.querySelectorAll("[data-toast-undo]")) {
    const [url] = offer.getAttribute("hx-post").split("?");
    const [, id] = url.match(/\/(\d+)\/reopen$/) ?? [];
    if (!id || !location.pathname.endsWith(`/${id}/`)) continue;
    if (document.querySelector(`#thread-head form[hx-post="${CSS.escape(url)}"]`)) offer.dataset.stood = "1";
    else if (offer.dataset.stood) offer.closest(".toast").remove();
  }
}

// What was refused because a colleague holds the conversation is refused no longer once the head says otherwise.
function endRefusals() {
  const holder = document.getElementById("thread-head")?.dataset.heldBy;
  for (const refusal of document.querySelectorAll("#panel .refused[data-held-by]")) {
    if (refusal.dataset.heldBy === holder) refusal.dataset.stood = "1";
    else if (refusal.dataset.stood) refusal.remove();
  }
}
document.addEventListener("htmx:after:swap", () => { place(); endVoid(); endRefusals(); });
