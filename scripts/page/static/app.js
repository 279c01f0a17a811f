"use strict";

// Strokes are lists of [x, y, t, pressure]: x and y in shares of the pad, y down, t in milliseconds.

const PEN = 0.035; // width of the pen in shares of the pad: as the server draws it
const MODEL_PEN = 13 / 280;
const WRITING_SECONDS = 2.4;
const ASK_EVERY = 120; // milliseconds between two questions while the pen moves
const KEY_STEP = 0.02;
const LEAST_LIKELY = 0.01; // of a further way of writing that is offered
// From the first to the last of a way of writing; all between have a contrast of 3 and more.
const COLOURS = { light: [[54, 18, 140], [205, 95, 0]], dark: [[140, 112, 248], [255, 170, 60]] };

const $ = (id) => document.getElementById(id);
const darkScheme = matchMedia("(prefers-color-scheme: dark)");
const pad = $("pad");
const model = $("model");

let strokes = [];
let current = null; // the stroke being written
let answer = null; // what the server said of what is shown
let shown = null; // the one of its ways of writing that is shown large, and taken away
let offered = []; // the ways to choose from, each with its button and that button's canvas
let fromPicture = null; // the file that is read, if one is
let opened = null; // the picture that is shown on the pad, where the browser can show it
let keptHere = 0; // recordings that can be taken back
let keyboard = { x: 0.5, y: 0.5, shown: false, down: false };
let animation = 0;
let question = 0; // number of the last question; answers to earlier ones are dropped
let asking = false;
let waiting = null;

// ---------------------------------------------------------------- drawing

function context(canvas) {
  const side = Math.round(canvas.clientWidth * (window.devicePixelRatio || 1));
  if (side && canvas.width !== side) {
    canvas.width = side;
    canvas.height = side;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(canvas.width, 0, 0, canvas.width, 0, 0);
  pen.lineCap = "round";
  pen.lineJoin = "round";
  return pen;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function drawPad() {
  const pen = context(pad);
  pen.clearRect(0, 0, 1, 1);
  if (opened) {
    const longer = Math.max(opened.width, opened.height);
    const [width, height] = [opened.width / longer, opened.height / longer];
    pen.drawImage(opened, (1 - width) / 2, (1 - height) / 2, width, height);
  }
  pen.strokeStyle = colour("--ink");
  for (const stroke of strokes) {
    stroke.forEach((point, index) => {
      const next = stroke[index + 1] || point;
      pen.lineWidth = PEN * (0.5 + point[3]);
      pen.beginPath();
      pen.moveTo(point[0], point[1]);
      pen.lineTo(next[0] + 1e-6, next[1]);
      pen.stroke();
    });
  }
  if (keyboard.shown) {
    pen.beginPath();
    pen.arc(keyboard.x, keyboard.y, 0.025, 0, 2 * Math.PI);
    pen.lineWidth = 0.008;
    pen.strokeStyle = colour("--accent");
    pen.fillStyle = colour("--accent");
    if (keyboard.down) pen.fill();
    pen.stroke();
  }
}

// A way of writing up to a share of its whole length, lifted or not.
function drawWay(canvas, way, share) {
  const pen = context(canvas);
  pen.clearRect(0, 0, 1, 1);
  if (!way) return;
  const { points, pen_up: up } = way;
  const lengths = points.slice(1).map((p, i) => Math.hypot(p[0] - points[i][0], p[1] - points[i][1]));
  const whole = lengths.reduce((sum, length) => sum + length, 0) || 1;
  const [first, last] = darkScheme.matches ? COLOURS.dark : COLOURS.light;
  pen.lineWidth = MODEL_PEN;
  let done = 0;
  for (let i = 0; i < lengths.length && done < share * whole; i += 1) {
    const part = Math.min(1, (share * whole - done) / (lengths[i] || 1));
    if (!up[i]) {
      const [x, y] = points[i];
      const age = done / whole;
      const mix = first.map((early, k) => Math.round(early + age * (last[k] - early)));
      pen.strokeStyle = `rgb(${mix})`;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + part * (points[i + 1][0] - x), y + part * (points[i + 1][1] - y));
      pen.stroke();
    }
    done += lengths[i];
  }
}

function drawModel(share) {
  drawWay(model, shown, share);
  for (const { canvas, way } of offered) drawWay(canvas, way, share);
}

function animate() {
  cancelAnimationFrame(animation);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    drawModel(1);
    return;
  }
  const start = performance.now();
  const frame = (now) => {
    const share = Math.min(1, (now - start) / (1000 * WRITING_SECONDS));
    drawModel(share);
    if (share < 1) animation = requestAnimationFrame(frame);
  };
  animation = requestAnimationFrame(frame);
}

// ---------------------------------------------------------------- asking

async function post(path, type, body) {
  let response;
  try {
    response = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body });
  } catch {
    throw new Error("The server does not answer. Is it still running?");
  }
  if (!response.ok) {
    const { error } = await response.json().catch(() => ({}));
    throw new Error(error || `The server answered ${response.status}.`);
  }
  return response;
}

const written = () => ({
  strokes: strokes.map((stroke) => stroke.map(([x, y, t]) => [x, y, t])),
  pressures: strokes.map((stroke) => stroke.map((point) => point[3])),
});

// While the pen moves, one question at a time; of those that come meanwhile only the last is
// asked. Once it is lifted, its question goes at once, whatever else is on its way.
function ask(wanted, calm) {
  if (!calm) {
    waiting = null;
    put(wanted, false);
    return;
  }
  waiting = wanted;
  if (!asking) next();
}

async function next() {
  asking = true;
  while (waiting) {
    const wanted = waiting;
    waiting = null;
    await put(wanted, true);
    await new Promise((done) => setTimeout(done, ASK_EVERY));
  }
  asking = false;
}

async function put({ path, type, body }, calm) {
  question += 1;
  const mine = question;
  try {
    const found = await (await post(path, type, body)).json();
    if (mine === question) show(found, calm);
  } catch (error) {
    if (mine === question && !calm) complain(error);
  }
}

// While the pen moves, answers come calmly: nothing is said aloud and nothing moves.
function askStrokes(calm) {
  if (!strokes.length || strokes.every((stroke) => stroke.length < 2)) return;
  ask({ path: "api/strokes", type: "application/json", body: JSON.stringify(written()) }, calm);
}

// ---------------------------------------------------------------- showing

const percent = (share) => `${(100 * share).toFixed(share > 0.999 ? 0 : 1)}%`;

function strokesOf({ pen_up: up }) {
  const count = up.filter((lifted, i) => !lifted && (i === 0 || up[i - 1])).length;
  return `${count} stroke${count === 1 ? "" : "s"}`;
}

function choose(way) {
  shown = way;
  for (const one of offered) one.button.setAttribute("aria-pressed", String(one.way === way));
  model.setAttribute("aria-label", `The digit ${answer.digit} in ${strokesOf(way)}`);
  animate();
}

// Buttons for the ways in which the digit was likely written, if there are several.
function offer(ways) {
  const likely = ways.filter((way, i) => i === 0 || way.probability >= LEAST_LIKELY);
  offered = likely.length < 2 ? [] : likely.map((way, i) => {
    const button = document.createElement("button");
    const canvas = document.createElement("canvas");
    const text = `${i ? "or so" : "so"}: ${Math.round(100 * way.probability)}%`;
    button.type = "button";
    button.setAttribute("aria-label", `${text}, in ${strokesOf(way)}`);
    canvas.setAttribute("aria-hidden", "true");
    button.append(canvas, text);
    button.addEventListener("click", () => choose(way));
    return { way, button, canvas };
  });
  $("ways").replaceChildren(...offered.map(({ button }) => button));
}

function show(found, calm) {
  answer = found;
  [shown] = found.alternatives;
  offer(calm ? [] : found.alternatives);
  const [best, ...others] = found.top;
  $("top").replaceChildren(
    ...found.top.map(({ digit, certainty }) => {
      const row = document.createElement("li");
      const name = document.createElement("b");
      const bar = document.createElement("meter");
      const text = document.createElement("span");
      name.textContent = digit;
      bar.value = certainty;
      bar.setAttribute("aria-hidden", "true");
      text.textContent = percent(certainty);
      row.append(name, bar, text);
      return row;
    }),
  );
  $("stages").replaceChildren(
    ...found.stages.map(({ name, png }) => {
      const item = document.createElement("li");
      const picture = document.createElement("img");
      picture.src = `data:image/png;base64,${png}`;
      picture.alt = "";
      item.append(picture, name);
      return item;
    }),
  );
  for (const id of ["replay", "save-svg", "save-gif", "save-points"]) $(id).disabled = false;
  if (calm) {
    drawModel(1);
    return;
  }
  $("said").className = "";
  $("said").textContent =
    `${best.digit}, ${percent(best.certainty)} certain. ` +
    `Or ${others.map(({ digit, certainty }) => `${digit}, ${percent(certainty)}`).join("; ")}.`;
  $("label").value = String(best.digit);
  settle();
  choose(shown);
}

function forget() {
  cancelAnimationFrame(animation);
  question += 1; // what is still on its way is dropped
  waiting = null;
  answer = shown = null;
  offer([]);
  $("top").replaceChildren();
  $("stages").replaceChildren();
  for (const id of ["replay", "save-svg", "save-gif", "save-points"]) $(id).disabled = true;
  model.setAttribute("aria-label", "Nothing written yet");
  drawModel(0);
}

function complain(error) {
  forget();
  $("said").className = "wrong";
  $("said").textContent = error.message;
}

// Buttons say what can be done.
function settle() {
  const some = strokes.length > 0;
  $("undo").disabled = !some;
  $("clear").disabled = !some && !answer;
  $("take-back").disabled = !keptHere;
  $("keep").disabled = !some || !answer || fromPicture || !$("consent").checked;
}

function changed() {
  $("kept").textContent = "";
  closePicture();
  drawPad();
  if (strokes.length) {
    askStrokes(false);
  } else {
    forget();
    $("said").className = "";
    $("said").textContent = "Write something.";
  }
  settle();
}

// ---------------------------------------------------------------- writing

const place = (event) => {
  const box = pad.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width;
  const y = (event.clientY - box.top) / box.height;
  const inside = (value) => Math.min(1, Math.max(0, value));
  // A mouse presses with 0.5 wherever it is; fingers often say 0.
  const pressure = event.pointerType === "pen" ? event.pressure : 0.5;
  return [inside(x), inside(y), Math.round(event.timeStamp), pressure];
};

pad.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || current) return;
  event.preventDefault();
  pad.focus({ preventScroll: true });
  pad.setPointerCapture(event.pointerId);
  if (fromPicture) strokes = [];
  closePicture();
  keyboard.shown = false;
  lift();
  current = { id: event.pointerId, points: [place(event)] };
  strokes.push(current.points);
  drawPad();
});

pad.addEventListener("pointermove", (event) => {
  if (!current || event.pointerId !== current.id) return;
  const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  for (const one of events.length ? events : [event]) {
    const point = place(one);
    const last = current.points[current.points.length - 1];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) > 0.003) {
      current.points.push([point[0], point[1], Math.max(point[2], last[2]), point[3]]);
    }
  }
  drawPad();
  askStrokes(true);
});

function finish(event) {
  if (!current || event.pointerId !== current.id) return;
  current = null;
  changed();
}
pad.addEventListener("pointerup", finish);
pad.addEventListener("pointercancel", finish);

function lift() {
  if (keyboard.down) {
    keyboard.down = false;
    changed();
  }
}

function undo() {
  keyboard.down = false;
  strokes.pop();
  changed();
}

function clear() {
  keyboard.down = false;
  strokes = [];
  changed();
}

pad.addEventListener("keydown", (event) => {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const way = ways[event.key];
  const now = () => [keyboard.x, keyboard.y, Math.round(event.timeStamp), 0.5];
  if (way) {
    keyboard.shown = true;
    keyboard.x = Math.min(1, Math.max(0, keyboard.x + KEY_STEP * way[0]));
    keyboard.y = Math.min(1, Math.max(0, keyboard.y + KEY_STEP * way[1]));
    if (keyboard.down) strokes[strokes.length - 1].push(now());
    drawPad();
  } else if (event.key === " ") {
    keyboard.shown = true;
    if (keyboard.down) {
      lift();
    } else {
      if (fromPicture) strokes = [];
      closePicture();
      keyboard.down = true;
      strokes.push([now()]);
      drawPad();
    }
  } else if (event.key === "z" || event.key === "Z") {
    if (strokes.length) undo();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    clear();
  } else {
    return;
  }
  event.preventDefault();
});
pad.addEventListener("blur", () => {
  lift();
  keyboard.shown = false;
  drawPad();
});

$("undo").addEventListener("click", undo);
$("clear").addEventListener("click", clear);

// ---------------------------------------------------------------- pictures

function closePicture() {
  fromPicture = null;
  opened = null;
}

// Some formats are read by the server and not shown by the browser: then the pad stays blank.
async function showOnPad(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture && fromPicture === file) {
    opened = picture;
    drawPad();
  }
}

function open(file) {
  if (!file) return;
  strokes = [];
  closePicture();
  fromPicture = file;
  drawPad();
  showOnPad(file);
  forget();
  $("kept").textContent = "";
  $("said").className = "";
  $("said").textContent = "Reading the picture.";
  ask({ path: "api/picture", type: "application/octet-stream", body: file }, false);
  settle();
}

$("choose").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => {
  open($("file").files[0]);
  $("file").value = "";
});
document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
  if (file) open(file);
});
pad.addEventListener("dragover", (event) => {
  event.preventDefault();
  pad.classList.add("dropping");
});
pad.addEventListener("dragleave", () => pad.classList.remove("dropping"));
pad.addEventListener("drop", (event) => {
  event.preventDefault();
  pad.classList.remove("dropping");
  open(event.dataTransfer.files[0]);
});

// ---------------------------------------------------------------- taking away

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// The best way is named by its digit, another one also by its place among them.
function shownName() {
  const place = answer.alternatives.indexOf(shown) + 1;
  return `digit-${answer.digit}${place > 1 ? `-${place}` : ""}`;
}

$("replay").addEventListener("click", animate);
$("save-svg").addEventListener("click", () => {
  save(new Blob([shown.svg], { type: "image/svg+xml" }), `${shownName()}.svg`);
});
$("save-points").addEventListener("click", () => {
  const { points, pen_up } = shown;
  const text = JSON.stringify({ digit: answer.digit, points, pen_up });
  save(new Blob([text], { type: "application/json" }), `${shownName()}.json`);
});
$("save-gif").addEventListener("click", async () => {
  const { points, pen_up } = shown;
  const { thinned } = answer;
  const name = shownName(); // another may be shown when the answer comes
  $("save-gif").disabled = true;
  try {
    const body = JSON.stringify({ points, pen_up, thinned });
    save(await (await post("api/gif", "application/json", body)).blob(), `${name}.gif`);
  } catch (error) {
    $("said").className = "wrong";
    $("said").textContent = error.message;
  }
  $("save-gif").disabled = !answer;
});

// ---------------------------------------------------------------- keeping

$("consent").addEventListener("change", settle);
$("keep").addEventListener("click", async () => {
  $("keep").disabled = true;
  const label = Number($("label").value);
  const body = JSON.stringify({ label, consent: $("consent").checked, ...written() });
  try {
    const found = await (await post("api/recording", "application/json", body)).json();
    strokes = [];
    changed();
    keptHere += 1;
    showKept(found, `Kept as a ${label}: ${found.kept} in ${found.file}. Write the next one.`);
  } catch (error) {
    showNotKept(error);
  }
});

$("take-back").addEventListener("click", async () => {
  $("take-back").disabled = true;
  try {
    const found = await (await post("api/recording/undo", "application/json", "{}")).json();
    keptHere -= 1;
    showKept(found, `Taken back: ${found.kept} in ${found.file}.`);
  } catch (error) {
    keptHere = 0;
    showNotKept(error);
  }
});

function showNotKept(error) {
  $("kept").className = "wrong";
  $("kept").textContent = error.message;
  settle();
}

// How many there are of each digit, and what to do once there is one of each.
function showKept({ tally, file }, text) {
  const items = tally.map((count, digit) => {
    const item = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = digit;
    item.append(name, ` ${count}`);
    item.className = count ? "" : "none";
    return item;
  });
  $("tally").replaceChildren(...items);
  const ready = tally.every((count) => count > 0);
  $("ready").hidden = !ready;
  $("command").textContent = `python -m scripts.train_strokes --source ${file}`;
  $("kept").className = "";
  $("kept").textContent = text;
  settle();
}

fetch("api/recordings").then((response) => response.ok && response.json()).then((found) => {
  if (found) showKept(found, "");
}).catch(() => {}); // the first question will say that no server answers

for (const change of ["resize", "orientationchange"]) {
  window.addEventListener(change, () => {
    drawPad();
    drawModel(1);
  });
}
darkScheme.addEventListener("change", () => {
  drawPad();
  drawModel(1);
});
drawPad();
drawModel(0);
