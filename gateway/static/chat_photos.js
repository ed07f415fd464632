"use strict";

// Photos, recordings and PDF files wait in a tray above the text; photos are made smaller where the browser can, and all are uploaded at once.

const tray = document.getElementById("tray");
const LARGEST = 10 * 1024 * 1024;
const LARGEST_FILE = 20 * 1024 * 1024;
const SHRINK_ABOVE = 1024 * 1024;
const LONGEST_SIDE = 2560;
const MOST_PHOTOS = 10;
const photos = []; // {element, file, id, state: "busy" | "done" | "failed"}

// A phone's photo of 8 MB becomes one of 1 MB, and loses the coordinates that cameras write into it.
async function smaller(file) {
  if (!isPicture(file) || file.size <= SHRINK_ABOVE || !window.createImageBitmap) return file;
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? blob : file;
  } catch (error) {
    return file; // a format that this browser cannot read goes as it is
  }
}

function upload(photo) {
  photo.state = "busy";
  photo.element.className = "busy";
  photo.bar.hidden = false;
  const request = new XMLHttpRequest(); // fetch tells no progress of what it sends
  request.open("POST", "/chat/media");
  request.setRequestHeader("Content-Type", photo.file.type || "application/octet-stream");
  request.upload.onprogress = (event) => { if (event.lengthComputable) photo.bar.value = event.loaded / event.total; };
  request.onload = () => uploaded(photo, request);
  request.onerror = () => failed(photo, say("photoFailed"));
  photo.request = request;
  smaller(photo.file).then((file) => {
    if (file.size > (isPicture(file) ? LARGEST : LARGEST_FILE)) failed(photo, say("photoTooLarge"));
    else request.send(file);
  });
}

function uploaded(photo, request) {
  if (request.status !== 201) {
    failed(photo, problemTitle(request.responseText) || say("photoFailed"));
    return;
  }
  photo.id = JSON.parse(request.responseText).id;
  photo.state = "done";
  photo.element.className = "done";
  photo.bar.hidden = true;
  trouble("");
}

function failed(photo, why) {
  photo.state = "failed";
  photo.element.className = "failed";
  photo.bar.hidden = true;
  trouble(why);
}

function problemTitle(text) {
  try {
    const problem = JSON.parse(text);
    return language === "en" ? problem.title_en : problem.title_zh;
  } catch (error) {
    return "";
  }
}

function addPhotos(files) {
  for (const file of files) {
    if (photos.length >= MOST_PHOTOS) { trouble(say("mostPhotos")); break; }
    if (file.type && !isPicture(file) && !file.type.startsWith("audio/") && file.type !== "application/pdf") { trouble(say("notPhoto")); continue; }
    const photo = trayItem(file);
    photos.push(photo);
    upload(photo);
  }
  tray.hidden = !photos.length;
}

function isPicture(file) {
  return !file.type || file.type.startsWith("image/");
}

function thumbnail(file) {
  const image = make("img");
  image.alt = say("picture");
  image.src = URL.createObjectURL(file);
  return image;
}

function trayItem(file) {
  const element = make("li");
  const shown = isPicture(file) ? thumbnail(file) : make("span", "file", file.name);
  const bar = make("progress");
  bar.max = 1;
  const again = make("button", "again", "↻");
  again.type = "button";
  again.setAttribute("aria-label", say("again"));
  const remove = make("button", "remove", "×");
  remove.type = "button";
  remove.setAttribute("aria-label", say("remove"));
  element.append(shown, bar, again, remove);
  tray.append(element);
  const photo = { element, file, bar, id: "", state: "busy" };
  again.onclick = () => upload(photo);
  remove.onclick = () => removePhoto(photo);
  return photo;
}

function removePhoto(photo) {
  if (photo.request) photo.request.abort();
  const image = photo.element.querySelector("img");
  if (image) URL.revokeObjectURL(image.src);
  photo.element.remove();
  photos.splice(photos.indexOf(photo), 1);
  tray.hidden = !photos.length;
  trouble("");
}

function retryPhotos() {
  for (const photo of photos) if (photo.state === "failed") upload(photo);
}

// The ids of all photos, and an empty tray; null while one is on its way or has failed.
function takePhotos() {
  if (photos.some((photo) => photo.state !== "done")) {
    trouble(say(photos.some((photo) => photo.state === "busy") ? "photoWait" : "photoFailed"));
    return null;
  }
  const ids = photos.map((photo) => photo.id);
  while (photos.length) removePhoto(photos[0]);
  return ids;
}
