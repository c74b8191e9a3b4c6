// Keeps written times true: "3분 전" ages, "11분 남음" runs down, and at midnight today's times get their date.
import { icon, words } from "./words.js";

const MINUTE = 60000;

/** A length of time in whole minutes, in words. */
function span(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours >= 48) return words("days", { n: Math.floor(hours / 24) });
  if (hours && rest) return words("hoursMinutes", { hours, minutes: rest });
  return hours ? words("hours", { n: hours }) : words("minutes", { n: minutes });
}

/** How long ago, or in how long; empty beyond a day. */
export function ago(moment, now) {
  const minutes = Math.floor(Math.abs(now - moment) / MINUTE);
  const isPast = now >= moment;
  if (minutes >= 1440) return "";
  if (minutes === 0) return words(isPast ? "now" : "soon");
  if (minutes < 60) return words(isPast ? "minutesAgo" : "minutesIn", { n: minutes });
  return words(isPast ? "hoursAgo" : "hoursIn", { n: Math.floor(minutes / 60) });
}

function due(tag, now) {
  const left = new Date(tag.dataset.due) - now;
  const minutes = Math.floor(Math.abs(left) / MINUTE);
  const [kind, symbol, text] = left < 0 ? ["danger", "octagon-x", words("late", { span: span(Math.max(1, minutes)) })]
    : minutes === 0 ? ["danger", "flame", words("lastMinute")]
    : minutes > 45 ? ["", "", words("left", { span: span(minutes) })]
    : [minutes <= 15 ? "danger" : "warn", minutes <= 15 ? "flame" : "timer", words("left", { span: span(minutes) })];
  if (tag.lastElementChild.textContent === text) return;
  tag.className = kind ? `tag tag-${kind}` : "tag";
  tag.lastElementChild.textContent = text;
  tag.querySelector("svg")?.remove();
  if (symbol) tag.prepend(icon(symbol));
}

function held(lease, now) {
  const left = Math.max(0, Math.ceil((new Date(lease.dataset.until) - now) / MINUTE));
  lease.lastElementChild.textContent = words(left ? "held" : "heldLast", { who: lease.dataset.who, n: left });
  const arc = lease.querySelector(".ring-fg");
  if (!arc) return;
  const around = Number(arc.getAttribute("stroke-dasharray").split(" ")[1]);
  arc.setAttribute("stroke-dasharray", `${(around * Math.min(1, left / Number(lease.dataset.minutes))).toFixed(1)} ${around}`);
}

function waited(shown, now) {
  const minutes = Math.floor((now - new Date(shown.dataset.since)) / MINUTE);
  shown.textContent = minutes > 0 ? shown.dataset.words.replace("{span}", span(minutes)) : words("now");
}

/** Bring every time in `root` up to date. */
export function refresh(root = document) {
  const now = Date.now();
  const day = new Intl.DateTimeFormat("sv", { timeZone: document.documentElement.dataset.zone || undefined });
  root.querySelectorAll("time[data-ago]").forEach((time) => {
    const text = ago(new Date(time.dateTime), now);
    if (text) time.textContent = text;
  });
  root.querySelectorAll("[data-due]").forEach((tag) => due(tag, now));
  root.querySelectorAll("[data-since]").forEach((shown) => waited(shown, now));
  root.querySelectorAll("[data-until]").forEach((lease) => held(lease, now));
  root.querySelectorAll("time[data-later]").forEach((time) => {
    if (day.format(new Date(time.dateTime)) === day.format(now)) return;
    time.textContent = time.dataset.later;
    delete time.dataset.later;
  });
}

setInterval(() => refresh(), MINUTE / 2);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
