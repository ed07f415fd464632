"use strict";
// Phones side by side: what each wrote and read, kept at the stand-in and watched by long polling.

const STATES = {
  queued: "排队中", sending: "发送中", sent: "已发出", delivered: "已送达", read: "已读",
  undelivered: "未送达", failed: "失败", received: "已收到",
};
const FIRST = "+8613800138001";
const KEPT = "jiesu-simulator-phones";
const RETRY_MS = 1500;

const texts = new Map(); // sid -> message
const phones = new Map(); // number -> its elements
const faults = { unreachable: [] };
let version = 0;

const byId = (id) => document.getElementById(id);

function normalised(number) {
  return number.startsWith("+") ? number : `+86${number}`;
}

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(kept) && kept.length ? kept : [FIRST];
  } catch {
    return [FIRST];
  }
}

function remember() {
  localStorage.setItem(KEPT, JSON.stringify([...phones.keys()]));
}

async function post(path, value) {
  const response = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

function setFaults() {
  post("/simulator/faults", faults).catch(() => { byId("away").hidden = false; });
  for (const name of Object.keys(faults)) if (name.endsWith("_next")) delete faults[name];
}

function addPhone(number) {
  if (phones.has(number)) return phones.get(number).field.focus();
  const root = byId("phone").content.firstElementChild.cloneNode(true);
  const phone = {
    root, talk: root.querySelector(".talk"), field: root.querySelector("textarea"), rows: new Map(),
  };
  root.setAttribute("aria-label", number);
  root.querySelector("h2").textContent = number;
  root.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    send(number, phone);
  });
  phone.field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send(number, phone);
    }
  });
  phone.field.addEventListener("input", () => { phone.field.rows = Math.min(5, phone.field.value.split("\n").length); });
  root.querySelector(".keys").addEventListener("click", (event) => {
    if (event.target instanceof HTMLButtonElement) write(number, event.target.textContent, 0);
  });
  root.querySelector(".picture").addEventListener("click", () => write(number, "", 1));
  root.querySelector(".remove").addEventListener("click", () => {
    root.remove();
    phones.delete(number);
    remember();
  });
  root.querySelector(".off").addEventListener("change", (event) => {
    faults.unreachable = faults.unreachable.filter((other) => other !== number);
    if (event.target.checked) faults.unreachable.push(number);
    setFaults();
  });
  phones.set(number, phone);
  byId("phones").append(root);
  remember();
  for (const text of [...texts.values()].sort((a, b) => a.number - b.number)) show(text);
  phone.field.focus({ preventScroll: phones.size > 1 });
}

function send(number, phone) {
  const body = phone.field.value.trim();
  if (!body) return;
  phone.field.value = "";
  phone.field.rows = 1;
  write(number, body, 0);
}

function write(number, body, pictures) {
  post("/simulator/texts", { phone: number, body, pictures }).catch(() => { byId("away").hidden = false; });
}

function show(text) {
  const phone = phones.get(text.phone);
  if (!phone) return;
  let row = phone.rows.get(text.sid);
  const atEnd = phone.talk.scrollHeight - phone.talk.scrollTop - phone.talk.clientHeight < 60;
  if (!row) {
    row = document.createElement("li");
    row.className = text.mine ? "mine" : "theirs";
    const bubble = document.createElement("p");
    bubble.className = "bubble";
    bubble.textContent = text.body || (text.pictures ? "🖼 图片" : "（空）");
    const note = document.createElement("p");
    note.className = "note";
    row.append(bubble, note);
    phone.rows.set(text.sid, row);
    phone.talk.append(row);
  }
  row.lastElementChild.replaceChildren(...noteOf(text));
  if (atEnd || text.mine) phone.talk.scrollTop = phone.talk.scrollHeight;
}

function noteOf(text) {
  const time = new Date(text.at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  const size = `${text.units} ${text.encoding === "UCS-2" ? "字" : "字符"} · ${text.segments} 条计费`;
  const way = text.mine ? "" : text.inline ? " · 当场回复" : " · 主动通知";
  const state = document.createElement("span");
  state.className = text.status;
  state.textContent = (STATES[text.status] || text.status) + (text.error_code ? ` ${text.error_code}` : "");
  return [`${time} · ${size}${way} · `, state];
}

async function watch() {
  for (;;) {
    try {
      const response = await fetch(`/simulator/texts?after=${version}`);
      if (!response.ok) throw new Error(response.statusText);
      const seen = await response.json();
      version = seen.version < version ? 0 : seen.version; // the stand-in began anew: ask again from its start
      for (const text of seen.texts) {
        texts.set(text.sid, text);
        show(text);
      }
      byId("away").hidden = true;
    } catch {
      byId("away").hidden = false;
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  }
}

byId("add").addEventListener("submit", (event) => {
  event.preventDefault();
  addPhone(normalised(byId("number").value.trim()));
  byId("number").value = "";
});
for (const button of document.querySelectorAll("[data-fault]")) {
  button.addEventListener("click", () => {
    faults[button.dataset.fault] = 1;
    setFaults();
  });
}
for (const box of document.querySelectorAll("[data-every]")) {
  box.addEventListener("change", () => {
    faults[box.dataset.every] = box.checked ? 1 : 0;
    setFaults();
  });
}
remembered().forEach(addPhone);
watch();
