// WhatsApp phones: buttons and lists, a photo, a place, and the window of a day.
import { NUMBER, addKind, append, post, timeOf, watch } from "./phones.js";
import { setListed } from "./twilio_faults.js";

const PREFIX = "whatsapp:";
const PLACE = { latitude: 39.9219, longitude: 116.2631 }; // 田村路街道
const STATES = {
  queued: "✓", sending: "✓", sent: "✓ 已发出", delivered: "✓✓ 已送达", read: "✓✓ 已读",
  undelivered: "未送达", failed: "失败", received: "已收到",
};

const texts = new Map(); // sid -> message
const phones = new Map(); // number -> its elements

function build(root, number) {
  const phone = {
    root, talk: root.querySelector(".talk"), field: root.querySelector("textarea"), rows: new Map(),
  };
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
  root.querySelector(".picture").addEventListener("click", () => write({ phone: number, picture: true }));
  root.querySelector(".place").addEventListener("click", () => write({ phone: number, ...PLACE }));
  root.querySelector(".off").addEventListener("change", (event) => {
    setListed("unreachable", PREFIX + number, event.target.checked);
  });
  root.querySelector(".late").addEventListener("change", (event) => {
    setListed("window_closed", PREFIX + number, event.target.checked);
  });
  phones.set(number, phone);
  for (const text of [...texts.values()].sort((a, b) => a.number - b.number)) show(text);
  return { focus: () => phone.field.focus({ preventScroll: true }) };
}

function send(number, phone) {
  const body = phone.field.value.trim();
  if (!body) return;
  phone.field.value = "";
  write({ phone: number, body });
}

function write(done) {
  post("/simulator/whatsapp", done).catch(() => {});
}

function show(text) {
  const number = text.phone.slice(PREFIX.length);
  const phone = phones.get(number);
  if (!phone?.root.isConnected) return;
  let row = phone.rows.get(text.sid);
  if (!row) {
    row = document.createElement("li");
    row.className = text.mine ? "mine" : "theirs";
    const bubble = document.createElement("p");
    bubble.className = "bubble";
    bubble.textContent = text.body || (text.pictures ? "🖼 照片" : "📍 位置");
    const note = document.createElement("p");
    note.className = "note";
    row.append(bubble, ...buttons(number, text), note);
    phone.rows.set(text.sid, row);
  }
  const state = document.createElement("span");
  state.className = text.status;
  state.textContent = (STATES[text.status] || text.status) + (text.error_code ? ` ${text.error_code}` : "");
  row.lastElementChild.replaceChildren(`${timeOf(text.at)} · `, state);
  append(phone.talk, row, text.mine);
}

function buttons(number, text) {
  if (!text.choices.length) return [];
  const box = document.createElement("div");
  box.className = "pressed";
  for (const [label, payload] of text.choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      write({ phone: number, body: label, payload, is_list: text.is_list });
    });
    box.append(button);
  }
  return [box];
}

addKind("whatsapp", {
  ...NUMBER,
  title: "WhatsApp",
  build,
  started: () => watch("/simulator/texts", (seen) => {
    for (const text of seen.texts) {
      if (!text.phone.startsWith(PREFIX)) continue;
      texts.set(text.sid, text);
      show(text);
    }
  }),
});
