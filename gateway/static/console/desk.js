// Keys for the list, and one submission a form. Everything works without it.
"use strict";

const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

const step = (direction) => {
  const links = [...document.querySelectorAll(".list .title a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + direction));
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "s") document.activeElement.closest(".list tr")?.querySelector("form[action$='/sign'] button")?.click();
  else if (event.key === "/") document.querySelector(".search input[type=search]")?.focus();
  else return;
  event.preventDefault();
});

// A second click while the first is on its way does nothing; the server would see to it all the same.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Files that are too large together are refused here, where nothing that was typed is lost; the server refuses them too.
const MOST_MEGABYTES = 38;
document.addEventListener("change", ({ target }) => {
  if (target.type !== "file") return;
  const bytes = [...target.files].reduce((sum, file) => sum + file.size, 0);
  target.setCustomValidity(bytes > MOST_MEGABYTES * 1024 * 1024 ? `这些文件一共超过${MOST_MEGABYTES}兆，请分几次上传。` : "");
  target.reportValidity();
});

// A menu closes when something else is looked at.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// What a form has done is told once, not again at every reload; in the list the next one is at hand.
const here = new URL(location.href);
if (here.searchParams.has("done")) {
  if (here.pathname === "/console") step(1);
  here.searchParams.delete("done");
  history.replaceState(null, "", here);
}

// What was said last stands at the end.
for (const talk of document.querySelectorAll(".talk")) talk.scrollTop = talk.scrollHeight;
document.querySelector(".error")?.scrollIntoView({ block: "center" });

// What changes by itself is read again every few seconds, but not under somebody's hands.
const POLL_MILLISECONDS = 5000;
for (const part of document.querySelectorAll("[data-poll]")) {
  setInterval(async () => {
    const busy = part.contains(document.activeElement) || [...part.querySelectorAll("input:not([type=hidden])")].some((field) => field.value);
    if (document.hidden || busy) return;
    const answer = await fetch(part.dataset.poll, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) part.innerHTML = await answer.text();
  }, POLL_MILLISECONDS);
}

// The red bar is read again whenever the server says that it is another.
const bar = document.querySelector("#alerts[data-live]");
if (bar && "EventSource" in window) {
  const stream = new EventSource(bar.dataset.live);
  stream.addEventListener("alerts", async () => {
    const answer = await fetch("/console/alerts", { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) bar.innerHTML = await answer.text();
  });
  const count = document.querySelector(".bar .count");
  stream.addEventListener("queue", (event) => {
    if (!count) return;
    count.textContent = event.data;
    count.hidden = event.data === "0";
  });
}
