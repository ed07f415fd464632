"use strict";

// What the page itself says; what the city says comes from the server in the conversation's own language.
const WORDS = {
  "zh-CN": {
    name: "接诉",
    slogan: "事事有回音",
    danger: "有危险请直接拨打",
    greeting: "您好，这里是12345。请说在什么地方、遇到什么事，也可以发照片和位置。",
    new: "反映问题",
    status: "查进度",
    human: "找人工",
    send: "发送",
    photo: "发照片、录音或PDF",
    photoShort: "照片",
    place: "发我的位置",
    placeShort: "位置",
    text: "说说您的事",
    placeholder: "说说您的事",
    talk: "对话",
    tray: "要发的照片",
    offline: "网络断了。您说的已留在本机，连上后自动发出。",
    waking: "正在重新连接……",
    sending: "发送中",
    waiting: "等网络",
    kept: "已收下，稍后回复",
    refused: "没有发出",
    mine: "我说",
    ours: "12345说",
    picture: "照片",
    recording: "录音",
    document: "PDF文件",
    myPlace: "我的位置",
    pressed: "已选",
    remove: "去掉这张照片",
    again: "再试一次",
    notPhoto: "只能发照片、录音和PDF文件。",
    photoTooLarge: "文件太大了：照片最多10兆，录音和PDF最多20兆。",
    mostPhotos: "一次最多发10张照片。",
    photoWait: "照片还在上传，请稍等。",
    photoFailed: "照片没有传上去，点照片再试。",
    noPlace: "取不到位置，请直接写地址。",
    placeRefused: "没有得到定位许可，请直接写地址。",
    locating: "正在定位……",
    left: "还可写{n}字",
    unread: "（{n}条新消息）",
    other: "English",
  },
  en: {
    name: "Jiesu",
    slogan: "Every matter gets an answer",
    danger: "In danger? Call",
    greeting: "Hello, this is 12345. Tell us where you are and what happened; photos and your location help.",
    new: "Report something",
    status: "See progress",
    human: "Talk to a person",
    send: "Send",
    photo: "Send photos, recordings or PDF files",
    photoShort: "Photo",
    place: "Send my location",
    placeShort: "Place",
    text: "Tell us about it",
    placeholder: "Where? What?",
    talk: "Conversation",
    tray: "Photos to send",
    offline: "No connection. What you say is kept here and sent when you are back online.",
    waking: "Reconnecting…",
    sending: "Sending",
    waiting: "Waiting for the network",
    kept: "Received; the reply will follow",
    refused: "Not sent",
    mine: "You said",
    ours: "12345 said",
    picture: "Photo",
    recording: "Recording",
    document: "PDF file",
    myPlace: "My location",
    pressed: "chosen",
    remove: "Remove this photo",
    again: "Try again",
    notPhoto: "Only photos, recordings and PDF files can be sent.",
    photoTooLarge: "The file is too large: photos 10 MB at most, recordings and PDF files 20 MB.",
    mostPhotos: "At most 10 photos at once.",
    photoWait: "A photo is still on its way: one moment, please.",
    photoFailed: "A photo was not uploaded: tap it to try again.",
    noPlace: "Your location was not found: please write the address.",
    placeRefused: "Location is not allowed here: please write the address.",
    locating: "Looking for your location…",
    left: "{n} characters left",
    unread: "({n} new) ",
    other: "中文",
  },
};

let language = "zh-CN";

function say(word, slots) {
  let text = WORDS[language][word];
  for (const name of Object.keys(slots || {})) text = text.replace(`{${name}}`, slots[name]);
  return text;
}

function speak(chosen) {
  language = chosen in WORDS ? chosen : "zh-CN";
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  // A line of the city may greet in words of its own.
  for (const element of document.querySelectorAll("[data-own]")) {
    const own = JSON.parse(element.dataset.own)[language];
    if (own) element.textContent = own;
  }
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", say(element.dataset.label));
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = say(element.dataset.placeholder);
  const button = document.getElementById("language");
  button.textContent = say("other");
  button.lang = language === "en" ? "zh-CN" : "en";
}
