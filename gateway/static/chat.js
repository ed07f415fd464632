"use strict";

// The residents' page: says what is said here, shows what the city says, and loses neither.

const text = document.getElementById("text");
const offline = document.getElementById("offline");
const LONGEST_TEXT = 4000;
const POLL_MS = 15000;
const LONGEST_WAIT_MS = 30000;

let after = 0; // read up to here, by stream or by asking; replies that came with an answer do not count
let seen = 0;
let unread = 0;
let source = null;
let flushing = false;
let wake = null; // ends a pause of the sender early
let broken = false;

function trouble(why) {
  const element = document.getElementById("trouble");
  element.textContent = why;
  element.hidden = !why;
}

function connection(lost) {
  broken = lost;
  offline.textContent = lost ? say(navigator.onLine === false ? "offline" : "waking") : "";
  offline.hidden = !lost;
}

// Reading

function take(entries, counts) {
  const follow = nearEnd();
  let fresh = 0;
  for (const entry of entries) {
    if (entry.id) outbox.remove(entry.id);
    if (show(entry) && entry.ours) fresh += 1;
    if (counts) after = Math.max(after, entry.seq);
  }
  if (!entries.length) return;
  settle();
  if (follow) toEnd();
  if (document.hidden) unread += fresh;
  noteSeen();
}

function read() {
  return fetch(`/chat/messages?after=${after}`, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then((transcript) => {
      seen = Math.max(seen, transcript.seen);
      connection(false);
      take(transcript.messages, true);
      if (after) follow();
    })
    .catch(() => connection(true));
}

function follow() {
  if (source && source.readyState !== EventSource.CLOSED) return;
  source = new EventSource(`/chat/stream?after=${after}`);
  source.onmessage = (event) => {
    connection(false);
    take(JSON.parse(event.data), true);
    if (outbox.all().length) flush();
  };
  source.onerror = () => connection(true); // the browser tries again by itself, with the last sequence it got
}

let seenTimer = 0;
function noteSeen() {
  document.title = (unread && document.hidden ? say("unread", { n: unread }) : "") + TITLE;
  if (document.hidden || after <= seen || seenTimer) return;
  seenTimer = setTimeout(() => {
    seenTimer = 0;
    if (after > seen) post("/chat/seen", { seq: after }).then(() => { seen = after; }, () => {});
  }, 1000);
}
const TITLE = document.title;

// Saying

// The entry that the page was opened by: some lines of the city have one of their own.
const LINE = (new URLSearchParams(location.search).get("line") || "").match(/^line-[0-9]{1,9}$/)?.[0];

function post(path, body) {
  return fetch(path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

function tell(message) {
  const item = outbox.add(message);
  showUnderWay(item, say("sending"));
  settle();
  toEnd();
  flush();
}

function pause(milliseconds) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    wake = () => { clearTimeout(timer); done(); };
  });
}

// Send what waits, one after another, oldest first, until each is acknowledged.
async function flush() {
  if (flushing) { if (wake) wake(); return; }
  flushing = true;
  let wait = 1000;
  try {
    for (let item = next(); item; item = next()) {
      const pauseMs = await attempt(item);
      if (!pauseMs) { wait = 1000; continue; }
      await pause(Math.max(pauseMs, wait));
      wake = null;
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  } finally {
    flushing = false;
  }
}

function next() { return outbox.all().find((item) => !item.kept); }

// Try one message; the milliseconds to wait before another try, 0 when it is settled.
async function attempt(item) {
  const body = { id: item.id };
  if (LINE) body.line = LINE;
  for (const field of ["text", "choice", "prompt", "attachments", "pin"]) if (item[field]) body[field] = item[field];
  let answer;
  let result;
  try {
    answer = await post("/chat/messages", body);
    result = await answer.text();
  } catch (error) {
    connection(true);
    showUnderWay(item, say("waiting"));
    return 1;
  }
  if (answer.ok) acknowledged(item, JSON.parse(result));
  else if (answer.status === 429) return 1000 * (Number(answer.headers.get("Retry-After")) || 5);
  else if (answer.status >= 500) { connection(true); showUnderWay(item, say("waiting")); return 1; }
  else refused(item, problemTitle(result));
  return 0;
}

function acknowledged(item, answer) {
  connection(false);
  if (answer.seq) {
    outbox.remove(item.id);
    take([entryOf(item, answer.seq)].concat(answer.messages || []), false);
  } else {
    item.kept = true; // it is on disk there, and shown here until the transcript has it
    outbox.put(item);
    showUnderWay(item, say("kept"));
  }
  follow();
}

function entryOf(item, seq) {
  return {
    seq, id: item.id, ours: false, at: item.at, text: item.text || item.label, choice: item.choice, prompt: item.prompt,
    pin: item.pin,
    attachments: (item.attachments || []).map((id) => ({ id })),
  };
}

function refused(item, why) {
  outbox.remove(item.id);
  showUnderWay(item, `${say("refused")}${why ? `: ${why}` : ""}`);
  if (item.text && !text.value) { text.value = item.text; grow(); }
}

// What the resident touches

function submit() {
  const said = text.value.trim();
  if (!said && !photos.length) { text.focus(); return; }
  const attachments = takePhotos();
  if (!attachments) return;
  text.value = "";
  kept.remove("jiesu.draft");
  grow();
  trouble("");
  tell({ text: said, attachments });
}

function press(button) {
  if (button.dataset.wish) { document.getElementById(button.dataset.wish).click(); return; }
  const group = button.closest(".choices");
  tell({ choice: button.dataset.choice, prompt: Number(group.dataset.prompt) || 0, label: button.textContent });
  text.focus({ preventScroll: true });
}

function share() {
  if (!navigator.geolocation) { trouble(say("noPlace")); return; }
  trouble(say("locating"));
  navigator.geolocation.getCurrentPosition(
    (found) => {
      trouble("");
      const { latitude, longitude, accuracy } = found.coords;
      tell({ pin: { latitude, longitude, accuracy } });
    },
    (error) => trouble(say(error.code === error.PERMISSION_DENIED ? "placeRefused" : "noPlace")),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
  const left = LONGEST_TEXT - text.value.length;
  const count = document.getElementById("count");
  count.hidden = left > 300;
  count.textContent = say("left", { n: left });
}

function switchLanguage() {
  speak(language === "en" ? "zh-CN" : "en");
  kept.set("jiesu.language", language);
  const choice = language === "en" ? "command:english" : "command:中文";
  tell({ choice, label: language === "en" ? "English" : "中文" });
}

document.getElementById("say").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
document.getElementById("language").addEventListener("click", switchLanguage);
document.getElementById("place").addEventListener("click", share);
document.getElementById("photo").addEventListener("click", () => document.getElementById("files").click());
document.getElementById("files").addEventListener("change", (event) => {
  addPhotos(Array.from(event.target.files));
  event.target.value = "";
});
talk.addEventListener("click", (event) => {
  const button = event.target.closest(".choices button");
  if (button && !button.disabled) press(button);
});
text.addEventListener("input", () => { grow(); kept.set("jiesu.draft", text.value); });
text.addEventListener("keydown", (event) => { // Enter also ends a word of a Chinese input method: 229
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
text.addEventListener("paste", (event) => {
  const files = Array.from(event.clipboardData ? event.clipboardData.files : []);
  if (files.length) { event.preventDefault(); addPhotos(files); }
});
window.addEventListener("online", () => { read(); flush(); retryPhotos(); });
window.addEventListener("offline", () => connection(true));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  noteSeen();
  read();
});
setInterval(() => {
  if (broken || (after && (!source || source.readyState !== EventSource.OPEN))) read();
}, POLL_MS);

speak(kept.get("jiesu.language") || "zh-CN");
text.value = kept.get("jiesu.draft") || "";
grow();
talk.setAttribute("aria-busy", "true");
read().then(() => {
  for (const item of outbox.all()) showUnderWay(item, say(item.kept ? "kept" : "sending"));
  talk.setAttribute("aria-busy", "false");
  settle();
  toEnd();
  if (outbox.all().some((item) => item.kept)) follow();
  return flush();
});
