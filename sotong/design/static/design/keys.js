// Keyboard shortcuts: a page writes data-key and data-key-label on a control, and the key uses that control.
// Codes, not letters (KeyboardEvent.code), so that they work with the Hangul layout on. "KeyG KeyI" is G, then I.
// With Alt ("Alt+KeyC") a key also works while one is writing.
// Ctrl+Z or ⌘+Z takes back what KeyZ does, also in a field marked data-undo-when-empty that has no text to undo.
import { leave, openedFrom } from "./menu.js";
import { isComposing, isEditable, make, words, icon } from "./words.js";

const CHORD_MS = 1500;
const UNDO = "KeyZ";
const extra = [];
let prefix = "";
let forget = 0;

/** A key that is not a control of the page; `run` is called (null: some control has the key at times), `label` appears under `?`. */
export function addKey(code, label, run) {
  extra.push({ code, label, run });
}

const isOff = () => document.body.dataset.shortcuts === "off";
const isMac = /Mac|iP/.test(navigator.platform);
const codeOf = (event) => (event.altKey ? "Alt+" : "") + (event.shiftKey ? "Shift+" : "") + event.code;
const keysOf = (code) => code.split(" ").map((part) => part.replace(/Key|Digit/g, "").replace("Slash", "/").replace("Alt", isMac ? "⌥" : "Alt").replaceAll("+", " "));

function controls() {
  const scope = document.querySelector("dialog[open]") ?? document;
  return [...scope.querySelectorAll("[data-key]")];
}

// What stands in a closed menu counts: its key is the quick way past opening it.
function isReachable(control) {
  const menu = control.closest("details.menu:not([open])");
  return !control.disabled && (menu?.querySelector("summary") ?? control).checkVisibility?.() !== false;
}

// Of several things that can be taken back the last one is meant.
function find(code) {
  const listed = extra.find((item) => item.code === code);
  const reachable = controls().filter((item) => item.dataset.key === code && isReachable(item));
  const control = code === UNDO ? reachable.at(-1) : reachable[0];
  return control ? () => use(control) : document.querySelector("dialog[open]") ? null : listed?.run ?? null;
}

function use(control) {
  if (control.matches("input:not([type='checkbox'], [type='radio']), textarea, select")) {
    control.focus();
    control.select?.();
  } else {
    if (control.matches(".menu > summary")) {
      const menu = control.parentElement;
      if (menu.open) return leave(menu);
      if (isEditable(document.activeElement)) openedFrom(menu, document.activeElement);
      // Arrows walk through a menu from where it was opened.
      control.focus();
    }
    control.click();
  }
}

function isPrefix(code) {
  return [...controls().map((item) => item.dataset.key), ...extra.map((item) => item.code)].some((item) => item.startsWith(`${code} `));
}

document.addEventListener("keydown", (event) => {
  if (event.code !== UNDO || event.repeat || event.defaultPrevented || isComposing(event) || event.shiftKey || event.altKey) return;
  if (!event.ctrlKey && !event.metaKey) return;
  if (isEditable(event.target) && (!event.target.matches("[data-undo-when-empty]") || event.target.value)) return;
  const run = find(UNDO);
  if (!run) return;
  event.preventDefault();
  run(event);
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || isComposing(event) || event.ctrlKey || event.metaKey) return;
  if (isOff() || (isEditable(event.target) && !event.altKey)) return;
  if (/^(Shift|Control|Alt|Meta)/.test(event.code)) return;
  const code = prefix ? `${prefix} ${event.code}` : codeOf(event);
  clearTimeout(forget);
  prefix = "";
  if (code === "Shift+Slash" && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    showKeys();
    return;
  }
  const run = find(code);
  if (run) {
    event.preventDefault();
    run(event);
  } else if (isPrefix(code)) {
    event.preventDefault();
    prefix = code;
    forget = setTimeout(() => { prefix = ""; }, CHORD_MS);
  }
});

function line(label, code) {
  const shown = keysOf(code).flatMap((part, index) => {
    const keys = part.split(" ").map((one) => make("span", "kbd", one));
    return index ? [make("span", "faint fs-12", words("keysThen")), ...keys] : keys;
  });
  return make("li", "", make("span", "", label), ...shown);
}

function group(title, lines) {
  return lines.length ? [make("section", "", make("h3", "", title), make("ul", "", ...lines))] : [];
}

/** The list of all keys of this page, in a dialog. */
export function showKeys() {
  const seen = new Map();
  for (const item of [...extra.map((key) => [key.code, key.label]), ...controls().map((one) => [one.dataset.key, one.dataset.keyLabel])]) {
    if (item[1] && !seen.has(item[0])) seen.set(item[0], item[1]);
  }
  const all = [...seen].map(([code, label]) => ({ code, label }));
  const command = isMac ? "⌘" : "Ctrl";
  const body = make("div", "dialog-b keys");
  if (isOff()) body.append(make("p", "note mb-4", words("keysOff")));
  body.append(
    ...group(words("keysHere"), all.filter((one) => !one.code.includes(" ")).map((one) => line(one.label, one.code))),
    ...group(words("keysGo"), all.filter((one) => one.code.includes(" ")).map((one) => line(one.label, one.code))),
    ...group(words("keysAlways"), [line(words("keysSend"), `${command}+Enter`), line(words("undo"), `${command}+Z`), line(words("keysEscape"), "Esc"), line(words("keysHelp"), "?")]),
  );
  const close = make("button", "btn btn-quiet btn-icon", icon("x"));
  close.type = "button";
  close.setAttribute("aria-label", words("close"));
  const title = make("h2", "grow", words("keys"));
  title.id = "keys-title";
  const dialog = make("dialog", "dialog dialog-wide", make("div", "dialog-h", title, close), body);
  dialog.setAttribute("aria-labelledby", "keys-title");
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-keys-open]")) showKeys();
});
