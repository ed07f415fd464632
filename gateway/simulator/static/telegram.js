// Telegram chats: buttons that hang on messages and go when used, a keyboard that shares things, commands, edits, a block.
import { addKind, append, byId, post, timeOf, watch } from "./phones.js";

const KINDS = { photo: "🖼 照片", voice: "🎤 语音 0:02", location: "📍 位置", contact: "👤 名片", document: "📎 文件", sticker: "👍 贴纸" };
const PLACE = { latitude: 39.9289, longitude: 116.2631 }; // 田村路街道
const PHONE = "+8613800138000";

const says = new Map(); // "chat message" -> message
const chats = new Map(); // id -> { began, blocked, keyboard }
const phones = new Map(); // id -> its elements
const faults = {};
let commands = [];

function act(chat, what) {
  return post("/simulator/telegram/acts", { chat: Number(chat), ...what }).catch(() => {});
}

function build(root, id) {
  const phone = {
    root, id, talk: root.querySelector(".talk"), field: root.querySelector("textarea"), rows: new Map(), edits: 0,
  };
  const english = root.querySelector(".english");
  const write = (text) => act(id, { act: "write", text, language: english.checked ? "en" : "zh-hans" });
  phone.write = write;
  const send = () => {
    const text = phone.field.value.trim();
    if (!text) return;
    phone.field.value = "";
    if (phone.edits) act(id, { act: "edit", message: phone.edits, text });
    else write(text);
    edit(phone, 0, "");
  };
  root.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  phone.field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  root.querySelector(".leave").addEventListener("click", () => edit(phone, 0, ""));
  root.querySelector(".menu").addEventListener("click", () => toggleCommands(phone));
  root.querySelector(".keys").addEventListener("click", (event) => attach(phone, event.target.dataset.act));
  root.querySelector("input[type=file]").addEventListener("change", (event) => sendPhoto(phone, event.target));
  root.querySelector(".block").addEventListener("change", (event) => {
    act(id, { act: "block", blocked: event.target.checked });
  });
  phones.set(id, phone);
  for (const said of [...says.values()].sort((a, b) => a.message - b.message)) show(said);
  showChat(id);
  return { focus: () => phone.field.focus({ preventScroll: true }) };
}

function attach(phone, what) {
  if (what === "location") act(phone.id, { act: "location", ...PLACE });
  else if (what === "contact") act(phone.id, { act: "contact", phone: PHONE });
  else if (what) act(phone.id, { act: what });
}

function sendPhoto(phone, input) {
  const [file] = input.files;
  if (!file) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    act(phone.id, { act: "photo", body: reader.result.split(",")[1], caption: phone.field.value.trim() });
    phone.field.value = "";
    input.value = "";
  });
  reader.readAsDataURL(file);
}

function edit(phone, message, text) {
  phone.edits = message;
  phone.root.querySelector(".editing").hidden = !message;
  phone.field.value = text;
  if (message) phone.field.focus();
}

function toggleCommands(phone) {
  const box = phone.root.querySelector(".commands");
  box.hidden = !box.hidden;
  phone.root.querySelector(".menu").setAttribute("aria-expanded", String(!box.hidden));
  const all = [{ command: "start", description: "开始 Start" }, ...commands];
  box.replaceChildren(...all.map(({ command, description }) => {
    const button = document.createElement("button");
    button.type = "button";
    const name = document.createElement("code");
    name.textContent = `/${command}`;
    button.append(name, ` ${description}`);
    button.addEventListener("click", () => {
      toggleCommands(phone);
      phone.write(`/${command}`);
    });
    return button;
  }));
}

function show(said) {
  const phone = phones.get(String(said.chat));
  if (!phone?.root.isConnected) return;
  let row = phone.rows.get(said.message);
  if (!row) {
    row = document.createElement("li");
    row.className = said.mine ? "mine" : "theirs";
    phone.rows.set(said.message, row);
  }
  const bubble = document.createElement("p");
  bubble.className = "bubble";
  bubble.textContent = [KINDS[said.kind], said.text].filter(Boolean).join("\n");
  if (said.mine && said.kind === "text") {
    bubble.title = "点一下修改 Tap to edit";
    bubble.addEventListener("click", () => edit(phone, said.message, said.text));
  }
  const note = document.createElement("p");
  note.className = "note";
  note.textContent = timeOf(said.at) + (said.edited ? " · 已修改" : "");
  row.replaceChildren(bubble, ...inline(phone, said), note);
  append(phone.talk, row, said.mine);
}

function inline(phone, said) {
  if (!said.buttons.length) return [];
  const box = document.createElement("div");
  box.className = "inline";
  box.append(...rowsOf(said.buttons, (button) => {
    act(phone.id, { act: "press", message: said.message, data: button.callback_data });
  }));
  return [box];
}

function rowsOf(rows, pressed) {
  return rows.map((buttons) => {
    const row = document.createElement("div");
    row.append(...buttons.map((one) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = one.text;
      button.addEventListener("click", () => pressed(one));
      return button;
    }));
    return row;
  });
}

function showChat(id) {
  const phone = phones.get(id);
  const chat = chats.get(id);
  if (!phone?.root.isConnected || !chat) return;
  phone.root.querySelector(".block").checked = chat.blocked;
  const box = phone.root.querySelector(".keyboard");
  box.hidden = !chat.keyboard.length;
  box.replaceChildren(...rowsOf(chat.keyboard, (button) => {
    if (button.request_contact) attach(phone, "contact");
    else if (button.request_location) attach(phone, "location");
    else phone.write(button.text);
  }));
}

function startFaults() {
  const box = byId("faults");
  const set = () => {
    post("/simulator/telegram/faults", faults).catch(() => {});
    for (const name of Object.keys(faults)) if (name.endsWith("_next")) delete faults[name];
  };
  box.addEventListener("click", (event) => {
    const name = event.target.dataset.telegramFault;
    if (!name) return;
    faults[name] = 1;
    set();
  });
  box.addEventListener("change", (event) => {
    const name = event.target.dataset.telegramEvery;
    if (!name) return;
    faults[name] = event.target.checked ? 1 : 0;
    set();
  });
}

addKind("telegram", {
  title: "Telegram",
  placeholder: "700100200",
  pattern: "[1-9]\\d{4,11}",
  inputMode: "numeric",
  normalised: (text) => text,
  first: ["700100200"],
  build,
  started: () => {
    startFaults();
    watch("/simulator/telegram/talks", (seen) => {
      ({ commands } = seen);
      for (const chat of seen.chats) chats.set(String(chat.id), chat);
      for (const said of seen.says) {
        says.set(`${said.chat} ${said.message}`, said);
        show(said);
      }
      for (const chat of seen.chats) showChat(String(chat.id));
    });
  },
});
