"use strict";

// Draws the conversation. Entries of the server stand in the order of their sequence; what is still on its way, last.

const talk = document.getElementById("talk");
const shown = new Map(); // sequence -> element
const underWay = new Map(); // own id -> element

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function nearEnd() { return talk.scrollHeight - talk.scrollTop - talk.clientHeight < 160; }
function toEnd() { talk.scrollTop = talk.scrollHeight; }

const CALLED = ["110", "119", "120", "122", "12345"];

const LONGEST_WHOLE = 20;

function words(text) { // emergency numbers can be called with one touch; no number is broken over two lines
  const paragraph = make("p");
  for (const piece of text.split(/(\d[\d-]*)/)) {
    if (CALLED.includes(piece)) {
      const link = make("a", "", piece);
      link.href = `tel:${piece}`;
      paragraph.append(link);
    } else if (/^\d/.test(piece) && piece.length <= LONGEST_WHOLE) {
      paragraph.append(make("span", "whole", piece));
    } else {
      paragraph.append(piece);
    }
  }
  return paragraph;
}

// The same drawing as on the tool below: not every phone has the emoji.
function icon(tool) {
  const drawing = document.querySelector(`#${tool} svg`).cloneNode(true);
  drawing.setAttribute("aria-hidden", "true");
  return drawing;
}

const SOUNDS = ["wav", "mp3", "ogg", "m4a", "amr", "weba", "3ga"];

// What was sent: a picture, a recording to listen to, or a file to open; its name tells which.
function sent(attachment) {
  const kind = attachment.id.split(".").pop();
  if (SOUNDS.includes(kind)) {
    const player = make("audio", "sound");
    player.controls = true;
    player.preload = "none";
    player.src = `/chat/media/${attachment.id}`;
    player.setAttribute("aria-label", say("recording"));
    return player;
  }
  if (kind !== "pdf") return picture(attachment);
  const link = make("a", "file", say("document"));
  link.href = `/chat/media/${attachment.id}`;
  return link;
}

function picture(attachment) {
  const link = make("a", "picture");
  link.href = `/chat/media/${attachment.id}`;
  link.target = "_blank";
  link.rel = "noopener";
  const image = make("img");
  image.alt = say("picture");
  image.loading = "lazy";
  image.src = link.href;
  image.onerror = () => image.replaceWith(icon("photo"), ` ${say("picture")}`); // HEIC in most browsers
  image.onload = () => { if (nearEnd()) toEnd(); };
  link.append(image);
  return link;
}

function clock(at) {
  const time = make("time");
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const form = { hour: "2-digit", minute: "2-digit", hour12: false };
  if (!today) { form.month = "numeric"; form.day = "numeric"; }
  time.dateTime = date.toISOString();
  time.textContent = new Intl.DateTimeFormat(language, form).format(date);
  return time;
}

function spot(pin) {
  const paragraph = make("p");
  paragraph.append(icon("place"), ` ${say("myPlace")} ${pin.latitude.toFixed(5)}, ${pin.longitude.toFixed(5)}`);
  return paragraph;
}

// The greeting is the page's own, and so are the words on its buttons.
const GREETING = { "command:new": "new", "command:status": "status", "command:human": "human" };

function said(entry) {
  return !entry.ours && !entry.prompt && GREETING[entry.choice] ? say(GREETING[entry.choice]) : entry.text;
}

function bubble(entry) {
  const item = make("li", `entry ${entry.ours ? "ours" : "mine"}`);
  const body = make("div", "bubble");
  body.append(make("span", "hidden", `${say(entry.ours ? "ours" : "mine")}: `));
  const text = said(entry);
  if (text) body.append(words(text));
  for (const attachment of entry.attachments || []) body.append(sent(attachment));
  if (entry.pin) body.append(spot(entry.pin));
  item.append(body);
  const foot = make("p", "foot");
  foot.append(clock(entry.at), make("span", "state"));
  item.append(foot);
  if (entry.ours) item.append(...asks(entry));
  return item;
}

function asks(entry) {
  const group = make("div", "choices");
  group.setAttribute("role", "group");
  group.dataset.prompt = entry.prompt || 0;
  for (const choice of entry.choices || []) {
    const button = make("button", "", choice.label);
    button.type = "button";
    button.dataset.choice = choice.id;
    group.append(button);
  }
  for (const wish of ["place", "photo"]) {
    if (!entry[wish]) continue;
    const button = make("button", "wish");
    button.append(icon(wish), ` ${say(wish)}`);
    button.type = "button";
    button.dataset.wish = wish;
    group.append(button);
  }
  return group.childElementCount ? [group] : [];
}

function insert(element, seq) {
  let after = null;
  for (const [other, otherElement] of shown) if (other < seq && (!after || other > Number(after.dataset.seq))) after = otherElement;
  element.dataset.seq = seq;
  if (after) after.after(element);
  else document.getElementById("greeting").after(element);
  shown.set(seq, element);
}

// Draw one entry of the server, once; the bubble that was on its way gives up its place to it.
function show(entry) {
  if (entry.id && underWay.has(entry.id)) {
    underWay.get(entry.id).remove();
    underWay.delete(entry.id);
  }
  if (shown.has(entry.seq)) return false;
  const element = bubble(entry);
  if (!entry.ours) {
    element.dataset.answered = entry.choice || "";
    element.dataset.own = "1";
  }
  insert(element, entry.seq);
  return true;
}

// Draw or redraw a message that is not acknowledged yet.
function showUnderWay(item, state) {
  let element = underWay.get(item.id);
  if (!element) {
    element = bubble({
      ours: false,
      text: item.text || item.label,
      at: item.at,
      attachments: (item.attachments || []).map((id) => ({ id })),
      pin: item.pin,
    });
    element.dataset.own = "1";
    element.dataset.answered = item.choice || "";
    talk.append(element);
    underWay.set(item.id, element);
  }
  element.querySelector(".state").textContent = state;
}

// Only the last question can be answered, and only until something was said after it.
function settle() {
  const groups = Array.from(talk.querySelectorAll(".choices"));
  const last = groups[groups.length - 1];
  for (const group of groups) {
    const own = nextOwn(group.closest(".entry"));
    const open = group === last && !own;
    for (const button of group.querySelectorAll("button")) {
      button.disabled = !open;
      const chosen = Boolean(own && own.dataset.answered && own.dataset.answered === button.dataset.choice);
      button.classList.toggle("chosen", chosen);
      if (chosen) button.setAttribute("aria-label", `${button.textContent} ${say("pressed")}`);
    }
  }
}

function nextOwn(element) {
  for (let next = element.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.dataset.own) return next;
  }
  return null;
}
