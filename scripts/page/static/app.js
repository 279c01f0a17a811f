import { Player, UNIT, colour, darkScheme, penOf } from "./ink.js";
import { post, postJson, save, saveAs } from "./server.js";

// Strokes are lists of [x, y, t, pressure]: x and y in shares of the pad, y down, t in milliseconds.

const PEN = 0.035; // width of the pen in shares of the pad: as the server draws it
const MODEL_PEN = 13 / 280;
const WRITING = [2400, 1400, 7000]; // milliseconds: of one digit, of each of several, of all at most
const ASK_EVERY = 120; // milliseconds between two questions while the pen moves
const MOST_ASKED_AGAIN = 3;
const KEY_STEP = 0.02;
const LEAST_LIKELY = 0.01; // of a further way of writing that is offered
const PAD_MM = 30; // of the pad, where what is taken away has a size
const TAKEN_AWAY = ["replay", "save-svg", "save-gif", "save-points"];
const MOST_COUNTED = 12; // classes of which those that nothing is kept of are listed too

const $ = (id) => document.getElementById(id);
const dictation = $("dictate") && await import("./dictation.js"); // of digits alone
const WHAT = document.body.dataset.what; // "digit", or what else is read and written
const NAMES = [...($("label").list || $("label")).options].map(({ value }) => value);
const pad = $("pad");
const model = $("model");
const player = new Player();

let strokes = [];
let current = null; // the stroke being written
let answer = null; // what the server said of what is shown
let chosen = []; // of each digit, the one of its ways of writing that is shown
let selected = 0; // the digit of a number that is shown by itself
let fromPicture = null; // the file that is read, if one is
let opened = null; // the picture that is shown on the pad, where the browser can show it
let keptHere = 0; // recordings that can be taken back
let keyboard = { x: 0.5, y: 0.5, shown: false, down: false };
let question = 0; // number of the last question; answers to earlier ones are dropped
let asking = false;
let waiting = null;

// ---------------------------------------------------------------- drawing

function drawPad() {
  const pen = penOf(pad);
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

// Digits {points, pen_up, place} one after the other, each where it is, at an even speed.
function writingOf(digits) {
  const [one, each, most] = WRITING;
  const path = digits.flatMap(({ points, pen_up: up, place: [left, top, side] }, character) =>
    points.map(([x, y], i) => ({ x: left + side * x, y: top + side * y, up: up[i], character })));
  const lengths = path.map((from, i) => (path[i + 1]
    ? Math.hypot(path[i + 1].x - from.x, path[i + 1].y - from.y) : 0));
  const whole = lengths.reduce((sum, length) => sum + length, 0) || 1;
  const duration = digits.length < 2 ? one : Math.min(most, each * digits.length);
  const writing = { strokes: [], characters: [], pen: MODEL_PEN };
  let done = 0;
  path.forEach(({ x, y, up, character }, i) => {
    const begins = !up && (i === 0 || path[i - 1].up);
    if (begins) {
      writing.strokes.push([]);
      writing.characters.push(character);
    }
    if (begins || !up || (i > 0 && !path[i - 1].up)) {
      writing.strokes[writing.strokes.length - 1].push([x, y, (duration * done) / whole]);
    }
    done += lengths[i];
  });
  const sides = digits.map(({ place: [, , side] }) => side);
  writing.pen *= sides.reduce((sum, side) => sum + side, 0) / (sides.length || 1);
  return writing;
}

const shownDigits = () => answer.digits
  .map(({ place }, i) => ({ ...chosen[i], place }))
  .filter(({ points }) => points);

// ---------------------------------------------------------------- asking

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

// A server that has much to do is asked again when it says, but not for a pen that moves on.
async function put({ path, type, body }, calm) {
  question += 1;
  const mine = question;
  for (let left = calm ? 0 : MOST_ASKED_AGAIN; mine === question; left -= 1) {
    try {
      const found = await (await post(path, type, body)).json();
      if (mine === question) show(found, calm);
      return;
    } catch (error) {
      if (!error.again || left <= 0) {
        if (mine === question && !calm) complain(error);
        return;
      }
      await new Promise((done) => setTimeout(done, 1000 * error.again));
    }
  }
}

// While the pen moves, answers come calmly: nothing is said aloud and nothing moves.
function askStrokes(calm) {
  if (strokes.every((stroke) => stroke.length < 2)) return false;
  const body = JSON.stringify({ ...written(), passing: calm });
  ask({ path: "api/strokes", type: "application/json", body }, calm);
  return true;
}

// ---------------------------------------------------------------- showing

const percent = (share) => `${(100 * share).toFixed(share > 0.999 ? 0 : 1)}%`;
const apart = (name) => (WHAT === "digit" ? name : `\u2068${name}\u2069`); // also right to left
const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

function say(text, { number = "", wrong = false } = {}) {
  const strong = document.createElement("strong");
  strong.textContent = number;
  $("said").className = wrong ? "wrong" : "";
  $("said").replaceChildren(...(number ? [strong] : []), text);
}

// What is read, in a line.
function tell({ number, digits }) {
  const read = digits.filter((one) => one.is_digit);
  if (!read.length) {
    say(`That looks like no ${WHAT} to me. If it is one, write it more plainly.`);
  } else if (digits.length === 1) {
    const [best, ...others] = read[0].top;
    const rest = others.map(({ digit, certainty }) => `${apart(digit)}, ${percent(certainty)}`);
    const or = rest.length ? ` Or ${rest.join("; ")}.` : "";
    say(`, ${percent(best.certainty)} certain.${or}`, { number });
  } else {
    const least = Math.min(...read.map(({ top }) => top[0].certainty));
    const sure = `${least > 0.999 ? "" : "at least "}${percent(least)}`;
    const lacking = read.length < digits.length ? " What looks like no digit is left out." : "";
    say(`, each digit ${sure} certain.${lacking}`, { number });
  }
}

// Shows what is chosen of all digits, and the ways of the selected one, on their canvases.
function drawAnswer({ moving }) {
  const digits = shownDigits();
  const writing = writingOf(digits);
  const small = [...$("ways").children].map(({ firstChild: canvas }, i) => {
    const way = { ...answer.digits[selected].ways[i], place: UNIT };
    return { canvas, writing: writingOf([way]), box: UNIT };
  });
  const what = answer.digits.length > 1 ? "number" : WHAT;
  const text = `The ${what} ${answer.number} in ${counted(writing.strokes.length, "stroke")}`;
  model.setAttribute("aria-label", digits.length ? text : `Nothing written: no ${WHAT}`);
  player.show([{ canvas: model, writing, box: UNIT }, ...small], { moving });
}

function choose(way) {
  chosen[selected] = way;
  const { ways } = answer.digits[selected];
  [...$("ways").children].forEach((button, i) => {
    button.setAttribute("aria-pressed", String(ways[i] === way));
  });
  drawAnswer({ moving: true });
}

// Buttons for the ways in which a digit was likely written, if there are several.
function offer(ways) {
  const likely = ways.filter((way, i) => i === 0 || way.probability >= LEAST_LIKELY);
  const buttons = likely.length < 2 ? [] : likely.map((way, i) => {
    const button = document.createElement("button");
    const canvas = document.createElement("canvas");
    const text = `${i ? "or so" : "so"}: ${Math.round(100 * way.probability)}%`;
    const { length } = writingOf([{ ...way, place: UNIT }]).strokes;
    button.type = "button";
    button.setAttribute("aria-label", `${text}, in ${counted(length, "stroke")}`);
    button.setAttribute("aria-pressed", String(way === chosen[selected]));
    canvas.setAttribute("aria-hidden", "true");
    button.append(canvas, text);
    button.addEventListener("click", () => choose(way));
    return button;
  });
  $("ways").replaceChildren(...buttons);
}

// Buttons for the digits of a number, of which one is shown by itself.
function offerDigits(digits) {
  const buttons = digits.length < 2 ? [] : digits.map((one, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = one.is_digit ? one.digit : "?";
    button.setAttribute("aria-label", one.is_digit
      ? `Digit ${index + 1}: ${one.digit}` : `Digit ${index + 1}: none`);
    button.addEventListener("click", () => {
      select(index);
      drawAnswer({ moving: false });
    });
    return button;
  });
  $("digits").replaceChildren(...buttons);
}

function select(index) {
  selected = index;
  const { top, stages, ways, is_digit: isDigit } = answer.digits[index];
  [...$("digits").children].forEach((button, i) => {
    button.setAttribute("aria-pressed", String(i === index));
  });
  offer(ways);
  showTop(isDigit ? top : []);
  showStages(stages);
}

function showTop(top) {
  $("top").replaceChildren(
    ...top.map(({ digit, certainty }) => {
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
}

function showStages(stages) {
  $("stages").replaceChildren(
    ...stages.map(({ name, done, png }) => {
      const item = document.createElement("li");
      const picture = document.createElement("img");
      picture.src = `data:image/png;base64,${png}`;
      picture.alt = "";
      item.append(picture, name === "digit" ? WHAT : name);
      if (done) item.append(document.createElement("br"), done);
      return item;
    }),
  );
}

function show(found, calm) {
  answer = found;
  chosen = found.digits.map(({ ways }) => ways[0]);
  selected = 0;
  const some = shownDigits().length > 0;
  for (const id of TAKEN_AWAY) $(id).disabled = !some;
  if (calm) {
    $("ways").replaceChildren();
    $("digits").replaceChildren();
    showTop(found.digits.length === 1 && some ? found.digits[0].top : []);
    drawAnswer({ moving: false });
    return;
  }
  offerDigits(found.digits);
  if (found.digits.length) {
    select(0);
    $("label").value = String(found.digits[0].digit);
  } else {
    offer([]);
    showTop([]);
    showStages([]);
  }
  tell(found);
  settle();
  drawAnswer({ moving: true });
}

function forget() {
  question += 1; // what is still on its way is dropped
  waiting = null;
  answer = null;
  chosen = [];
  for (const id of ["ways", "digits", "top", "stages"]) $(id).replaceChildren();
  for (const id of TAKEN_AWAY) $(id).disabled = true;
  model.setAttribute("aria-label", "Nothing written yet");
  player.show([{ canvas: model, writing: writingOf([]), box: UNIT }], { moving: false });
}

function complain(error) {
  forget();
  say(error.message, { wrong: true });
}

// Buttons say what can be done.
function settle() {
  const some = strokes.length > 0;
  const several = Boolean(answer) && answer.digits.length > 1;
  $("undo").disabled = !some;
  $("clear").disabled = !some && !answer;
  $("take-back").disabled = !keptHere;
  $("one-only").hidden = !several || !$("consent").checked || Boolean(fromPicture);
  $("keep").disabled = !some || !answer || several || fromPicture || !$("consent").checked;
}

function changed() {
  $("kept").textContent = "";
  closePicture();
  drawPad();
  if (strokes.length && askStrokes(false)) {
    settle();
    return;
  }
  forget();
  say(strokes.length ? `That is only a dot. ${document.querySelector("h1").textContent}.` : "Write something.");
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
  say("Reading the picture.");
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

// What is shown, in mm.
function taken() {
  const { strokes: paths, characters, pen } = writingOf(shownDigits());
  const scaled = paths.map((path) => path.map(([x, y, t]) => [PAD_MM * x, PAD_MM * y, t]));
  return { text: answer.number, characters, pen: PAD_MM * pen, strokes: scaled };
}

// The best way is named by its digit, another one also by its place among them.
function shownName() {
  if (answer.digits.length > 1) return `number-${answer.number.replaceAll("?", "x")}`;
  const place = answer.digits[0].ways.indexOf(chosen[0]) + 1;
  return `${WHAT}-${answer.number}${place > 1 ? `-${place}` : ""}`;
}

$("replay").addEventListener("click", () => player.play());
for (const kind of ["svg", "gif"]) {
  $(`save-${kind}`).addEventListener("click", async () => {
    const { text, pen, strokes: paths } = taken();
    const name = shownName(); // another may be shown when the answer comes
    $(`save-${kind}`).disabled = true;
    await saveAs(kind, { text, pen, strokes: paths }, name)
      .catch((error) => say(error.message, { wrong: true }));
    $(`save-${kind}`).disabled = !answer || !shownDigits().length;
  });
}
// A digit as its model wrote it, with softness; a number as hands write them.
$("save-points").addEventListener("click", () => {
  if (answer.digits.length === 1) {
    const { points, pen_up } = chosen[0];
    const text = JSON.stringify({ digit: answer.digits[0].digit, points, pen_up });
    save(new Blob([text], { type: "application/json" }), `${shownName()}.json`);
    return;
  }
  const { text, characters, strokes: paths } = taken();
  const read = [...text].map((_, i) => i).filter((i) => text[i] !== "?");
  const line = {
    text: read.map((i) => text[i]).join(""), source: "page", units: "mm", characters, strokes: paths,
  };
  save(new Blob([`${JSON.stringify(line)}\n`], { type: "application/x-ndjson" }),
    `${shownName()}.ndjson`);
});

// ---------------------------------------------------------------- keeping

// A name is chosen by its key, A apart from a; where it is typed, typing replaces what was read.
$("label").addEventListener("keydown", (event) => {
  if ($("label").list || event.ctrlKey || event.metaKey || !NAMES.includes(event.key)) return;
  $("label").value = event.key;
  event.preventDefault();
});
$("label").addEventListener("focus", () => $("label").select?.());
$("consent").addEventListener("change", settle);
$("keep").addEventListener("click", async () => {
  $("keep").disabled = true;
  const label = WHAT === "digit" ? Number($("label").value) : $("label").value;
  const entry = { label, consent: $("consent").checked, ...written() };
  try {
    const found = await (await postJson("api/recording", entry)).json();
    strokes = [];
    changed();
    keptHere += 1;
    showKept(found, `Kept as a ${apart(label)}: ${found.kept} in ${found.file}. Write the next one.`);
    dictation?.useOwnHand();
  } catch (error) {
    showNotKept(error);
  }
});

$("take-back").addEventListener("click", async () => {
  $("take-back").disabled = true;
  try {
    const found = await (await postJson("api/recording/undo", {})).json();
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

// How many there are of each class, and what to do once there is one of each.
function showKept({ tally, file }, text) {
  const listed = (name, count) => {
    const item = document.createElement("li");
    const bold = document.createElement("b");
    bold.textContent = name;
    item.append(bold, ` ${count}`);
    item.className = count ? "" : "none";
    return item;
  };
  const every = tally.map((count, label) => [NAMES[label], count]);
  const shown = every.filter(([, count]) => count || every.length <= MOST_COUNTED);
  const items = shown.map(([name, count]) => listed(name, count));
  const others = every.length - shown.length;
  if (others) {
    const number = others.toLocaleString("en");
    items.push(listed(shown.length ? `${number} others` : `All ${number}`, 0));
  }
  $("tally").replaceChildren(...items);
  const ready = tally.every((count) => count > 0);
  $("ready").hidden = !ready;
  $("command").textContent = `${$("command").dataset.command} --source ${file}`;
  $("kept").className = "";
  $("kept").textContent = text;
  dictation?.handKnown(tally.reduce((sum, count) => sum + count, 0));
  settle();
}

fetch("api/recordings").then((response) => response.ok && response.json()).then((found) => {
  if (found) showKept(found, "");
}).catch(() => {}); // the first question will say that no server answers

for (const change of ["resize", "orientationchange"]) window.addEventListener(change, drawPad);
darkScheme.addEventListener("change", drawPad);
drawPad();
forget();
