// Telephones: what is heard on each, and what is said and pressed. Calls are kept at the stand-in and watched by long polling.
import { NUMBER, addKind, addPhone, append, post, watch } from "./phones.js";

const STATES = {
  queued: "准备呼叫", initiated: "正在呼叫", ringing: "响铃", "in-progress": "通话中", completed: "已挂断",
  busy: "占线", "no-answer": "无人接听", failed: "呼叫失败", canceled: "已取消",
};
const WAITS = {
  keys: "等您按键", speech: "等您说话", "keys+speech": "请说话或按键", message: "正在录音，说完即留言", queue: "排队中",
  "queue+keys": "排队中，可按键", talk: "与人通话中", dial: "正在转接", ring: "来电",
};
const ASIDES = { play: "♪", beep: "（嘀）", note: "·", complaint: "⚠" };

const calls = new Map(); // sid -> call
const phones = new Map(); // number -> its elements
let loaded = false;

function build(root, number) {
  const phone = {
    root, number, talk: root.querySelector(".talk"), field: root.querySelector("textarea"), call: null, shown: 0,
  };
  const sure = root.querySelector(".sure");
  sure.addEventListener("input", () => { root.querySelector("output").textContent = `${sure.value}%`; });
  const speak = (event) => {
    event.preventDefault();
    const words = phone.field.value.trim();
    if (!words || !phone.call) return;
    phone.field.value = "";
    act(phone, { act: "say", words, confidence: sure.value / 100 });
  };
  root.querySelector("form").addEventListener("submit", speak);
  phone.field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) speak(event);
  });
  root.querySelector(".dial").addEventListener("click", (event) => {
    if (event.target instanceof HTMLButtonElement) act(phone, { act: "keys", keys: event.target.textContent });
  });
  root.querySelector(".ringing").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) act(phone, { act: button.dataset.act });
  });
  root.querySelector(".call").addEventListener("click", () => {
    post("/simulator/voice/call", { phone: number }).catch(() => {});
  });
  root.querySelector(".end").addEventListener("click", () => act(phone, { act: "hang_up" }));
  phones.set(number, phone);
  const mine = [...calls.values()].filter((call) => call.phone === number).sort((a, b) => a.number - b.number);
  if (mine.length) show(mine[mine.length - 1]);
  else set(phone, null);
  return { focus: () => phone.field.focus({ preventScroll: true }) };
}

function act(phone, done) {
  if (phone.call && !phone.call.over) post("/simulator/voice/act", { sid: phone.call.sid, ...done }).catch(() => {});
}

function show(call) {
  const phone = phones.get(call.phone);
  if (!phone?.root.isConnected) return;
  if (phone.call && phone.call.number > call.number) return;
  if (phone.call?.sid !== call.sid) {
    phone.talk.replaceChildren();
    phone.shown = 0;
  }
  for (const line of call.lines.slice(phone.shown)) append(phone.talk, row(line));
  phone.shown = call.lines.length;
  if (call.over) for (const one of call.recordings) keep(phone, one);
  set(phone, call);
}

function row(line) {
  const item = document.createElement("li");
  const mine = line.kind === "key" || line.kind === "speech";
  if (!mine && line.kind !== "say" && line.kind !== "other") {
    item.className = line.kind === "complaint" ? "aside wrong" : "aside";
    item.textContent = `${ASIDES[line.kind] || ""} ${STATES[line.text] || line.text}`.trim();
    return item;
  }
  item.className = mine ? "mine" : "theirs";
  const bubble = document.createElement("p");
  bubble.className = "bubble";
  bubble.textContent = line.kind === "key" ? `按 ${line.text}` : line.text;
  item.append(bubble);
  if (line.language) bubble.lang = line.language.replace("cmn-", "zh-");
  if (line.kind === "other") bubble.append(note("对方"));
  return item;
}

function note(words) {
  const small = document.createElement("small");
  small.className = "note";
  small.textContent = ` ${words}`;
  return small;
}

function keep(phone, recording) {
  const id = `recording-${recording.sid}`;
  if (document.getElementById(id)) return;
  const item = document.createElement("li");
  item.id = id;
  item.className = "aside";
  item.textContent = recording.source === "RecordVerb" ? "留言" : "通话录音";
  const sound = document.createElement("audio");
  sound.controls = true;
  sound.preload = "none";
  sound.src = `/simulator/voice/recordings/${recording.sid}`;
  item.append(sound);
  append(phone.talk, item);
}

function set(phone, call) {
  const { root } = phone;
  const live = Boolean(call) && !call.over;
  const rings = live && call.incoming && call.waits === "ring";
  phone.call = call;
  root.querySelector(".state").textContent = call
    ? `${call.incoming ? "来电" : "拨往"} ${call.other} · ${STATES[call.status] || call.status}${WAITS[call.waits] ? ` · ${WAITS[call.waits]}` : ""}`
    : "空闲";
  root.querySelector(".ringing").hidden = !rings;
  root.querySelector(".dial").hidden = rings;
  root.querySelector(".call").hidden = live;
  root.querySelector(".end").hidden = !live || rings;
  for (const button of root.querySelectorAll(".dial button, .send")) button.disabled = !live;
}

addKind("voice", {
  ...NUMBER,
  title: "电话",
  first: ["+8613800138001"],
  build,
  started: () => watch("/simulator/voice", (seen) => {
    for (const call of seen.calls) {
      calls.set(call.sid, call);
      // Whoever is rung and has no phone here yet gets one: a desk, a duty phone, a land line.
      if (loaded && call.incoming && call.waits === "ring" && !phones.get(call.phone)?.root.isConnected) addPhone("voice", call.phone);
      show(call);
    }
    loaded = true;
  }),
});
