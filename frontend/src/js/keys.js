// An officer's day by keyboard; the page "keys" says it all, and "?" shows it over the page.
//   /        the search box (data-find)              g and a letter   a page of the menu (data-go="i")
//   j k      the next and the previous row           x                ticks the box of the row
//   a        the decision (data-decide)              u                one page up
// and, also while one types: Alt+1…9 the results of the decision, Ctrl+Enter sends it, Escape leaves the field.
// Single keys do nothing while one types, and never where the person switched them off (WCAG 2.1.4).
const SECONDS = 1.5; // between g and the letter
const WRITES = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
const one = (selector) => document.querySelector(selector);
const decision = () => one("form[data-decide]");
let going = 0;

const door = (row) => row.querySelector("td:last-child a[href]") ?? row.querySelector("a[href]");
const rows = () => [...document.querySelectorAll("main .dt tbody tr")].filter(door);

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const now = all.indexOf(document.activeElement?.closest("tr"));
  const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1);
  door(all[next]).focus();
  all[next].scrollIntoView({ block: "nearest" });
  return true;
}

function tick() {
  const box = document.activeElement?.closest("tr")?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function decide() {
  const form = decision();
  const first = form?.querySelector("[name=outcome]:checked") ?? form?.querySelector("[name=outcome]");
  first?.focus();
  return Boolean(first);
}

function follow(link) {
  if (link) location.assign(link.href);
  return Boolean(link);
}

async function help() {
  let sheet = one("#keys-sheet");
  if (!sheet) {
    const answer = await fetch(one("[data-keys]").dataset.keys);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    sheet = document.createElement("dialog");
    sheet.id = "keys-sheet";
    sheet.append(page.getElementById("keys"));
    sheet.querySelectorAll("form").forEach((form) => form.remove());
    sheet.setAttribute("aria-labelledby", "keys-title");
    document.body.append(sheet);
  }
  sheet.showModal?.();
}

const SINGLE = {
  "/": () => {
    const box = one("[data-find]");
    box?.focus();
    return Boolean(box);
  },
  j: () => step(1),
  k: () => step(-1),
  x: tick,
  a: decide,
  u: () => follow([...document.querySelectorAll(".crumb a[href]")].pop()),
  "?": () => Boolean(one("[data-keys]")) && (help(), true),
  g: () => {
    going = Date.now();
    return true;
  },
};

function single(key) {
  if (Date.now() - going < SECONDS * 1000) {
    going = 0;
    return follow(one(`[data-go="${CSS.escape(key)}"]`));
  }
  return SINGLE[key]?.() ?? false;
}

function together(event) {
  const form = decision();
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (form && event.altKey && !event.ctrlKey && !event.shiftKey && digit) {
    const outcome = form.querySelectorAll("[name=outcome]")[digit - 1];
    outcome?.click();
    outcome?.focus();
    return Boolean(outcome);
  }
  if (form?.contains(event.target) && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    form.querySelector("button[value=submit]").click();
    return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  let done = together(event);
  const writes = event.target.closest?.(WRITES);
  if (!done && writes && event.key === "Escape") writes.blur();
  const off = document.documentElement.dataset.singleKeys === "off";
  const plain = !writes && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!done && plain && !off && !one("dialog[open]")) done = single(event.key);
  if (done) event.preventDefault();
});
