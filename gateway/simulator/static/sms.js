// SMS phones: what each wrote and read, kept at the stand-in and watched by long polling.
import { NUMBER, addKind, append, post, timeOf, watch } from "./phones.js";
import { setListed } from "./twilio_faults.js";

const STATES = {
  queued: "排队中", sending: "发送中", sent: "已发出", delivered: "已送达", read: "已读",
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
  phone.field.addEventListener("input", () => { phone.field.rows = Math.min(5, phone.field.value.split("\n").length); });
  root.querySelector(".keys").addEventListener("click", (event) => {
    if (event.target instanceof HTMLButtonElement) write(number, event.target.textContent, 0);
  });
  root.querySelector(".picture").addEventListener("click", () => write(number, "", 1));
  root.querySelector(".off").addEventListener("change", (event) => {
    setListed("unreachable", number, event.target.checked);
  });
  phones.set(number, phone);
  for (const text of [...texts.values()].sort((a, b) => a.number - b.number)) show(text);
  return { focus: () => phone.field.focus({ preventScroll: true }) };
}

function send(number, phone) {
  const body = phone.field.value.trim();
  if (!body) return;
  phone.field.value = "";
  phone.field.rows = 1;
  write(number, body, 0);
}

function write(number, body, pictures) {
  post("/simulator/texts", { phone: number, body, pictures }).catch(() => {});
}

function show(text) {
  const phone = phones.get(text.phone);
  if (!phone?.root.isConnected) return;
  let row = phone.rows.get(text.sid);
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
  }
  row.lastElementChild.replaceChildren(...noteOf(text));
  append(phone.talk, row, text.mine);
}

function noteOf(text) {
  const size = `${text.units} ${text.encoding === "UCS-2" ? "字" : "字符"} · ${text.segments} 条计费`;
  const way = text.mine ? "" : text.inline ? " · 当场回复" : " · 主动通知";
  const state = document.createElement("span");
  state.className = text.status;
  state.textContent = (STATES[text.status] || text.status) + (text.error_code ? ` ${text.error_code}` : "");
  return [`${timeOf(text.at)} · ${size}${way} · `, state];
}

addKind("sms", {
  ...NUMBER,
  title: "短信",
  first: ["+8613800138001"],
  build,
  started: () => watch("/simulator/texts", (seen) => {
    for (const text of seen.texts) {
      texts.set(text.sid, text);
      show(text);
    }
  }),
});
