// What htmx needs from us: the CSRF token, one request at a time, and errors that never eat the last good content.
import { isBackground, isBehind, isFailed } from "./again.js";
import { toast } from "./toast.js";
import { csrfToken, words } from "./words.js";

const holderOf = (ctx) => ctx.sourceElement?.closest?.("form") ?? ctx.sourceElement;

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.request.method === "GET") return;
  const holder = holderOf(ctx);
  holder?.setAttribute?.("aria-busy", "true");
  ctx.heldButtons = [...(holder?.matches?.("form") ? holder.querySelectorAll("button:not([type='button'], [disabled])") : [])];
  ctx.heldButtons.forEach((button) => { button.disabled = true; });
});
document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  holderOf(ctx)?.removeAttribute?.("aria-busy");
  ctx.heldButtons?.forEach((button) => { button.disabled = false; });
});

// Signed out meanwhile: going to the sign-in page would lose what was typed, so it opens beside this one.
function sayRefused(ctx) {
  const login = ctx.hx?.redirect || "/accounts/login/";
  toast(words("signedOut"), { seconds: 30, action: { label: words("signIn"), run: () => window.open(login, "_blank", "noopener") } });
}
document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.response?.status !== 401) return;
  event.preventDefault();
  // What renews itself says so once.
  if (!isBackground(event.detail.ctx) || !isBehind()) sayRefused(event.detail.ctx);
});

// What renews itself and could not is no news: it is asked for again (again.js), and the header says so.
// Fragments are swapped, also those of a refused form (4xx). A whole page, or a broken server, is not: it becomes a sentence.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (isBackground(ctx) && isFailed(ctx)) return event.preventDefault();
  const status = ctx.response?.status ?? 200;
  const isPage = /^\s*(<!doctype|<html)/i.test(ctx.text ?? "");
  // Too late or too large: refused by the server before any page saw it, in plain words.
  const isTurnedAway = status === 408 || status === 413;
  if (status < 500 && !isTurnedAway && (!isPage || ctx.target === document.body || ctx.select)) return undefined;
  event.preventDefault();
  if (isTurnedAway) {
    toast(ctx.text.trim(), { seconds: 10 });
  } else if (isPage && ctx.response.raw.redirected && ctx.response.raw.url.includes("/accounts/login/")) {
    sayRefused(ctx);
  } else if (isPage && status < 400) {
    location.assign(ctx.response.raw.url);
  } else {
    toast(words({ 403: "refused", 404: "gone", 410: "gone", 429: "busy", 503: "busy" }[status] ?? "failed"), { seconds: 10 });
  }
  return undefined;
});

// The line is down, or the answer took too long: nothing was swapped, so nothing that was typed is lost.
document.addEventListener("htmx:error", (event) => {
  const isNetwork = event.detail?.ctx && !event.detail.ctx.response;
  if (!isNetwork) return console.error(event.detail?.error);
  return isBackground(event.detail.ctx) ? undefined : toast(words(navigator.onLine ? "unreachable" : "offline"), { seconds: 10 });
});
