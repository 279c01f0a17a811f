// A number that is typed, written in a hand.

import { Player } from "./ink.js";
import { postJson, save, saveAs } from "./server.js";

const MARGIN = 1.5; // mm of paper around the number
const $ = (id) => document.getElementById(id);

const player = new Player();
let number = null; // what is shown: {text, hand, pen, characters, strokes}, in mm
let lot = 1; // which hand is drawn

function boxOf(strokes) {
  const places = strokes.flat();
  const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  return [left, top, Math.max(...xs) + MARGIN - left, Math.max(...ys) + MARGIN - top];
}

function say(text, wrong = false) {
  $("dictated-said").className = wrong ? "wrong" : "";
  $("dictated-said").textContent = text;
}

async function write() {
  const own = $("own-hand").checked;
  const seed = Math.floor(Math.random() * 2 ** 32); // no hand writes the same number twice
  const text = $("dictated-text").value.trim();
  try {
    number = await (await postJson("api/number", { text, own, hand: lot, seed })).json();
  } catch (error) {
    say(error.message, true);
    return;
  }
  const canvas = $("dictated");
  canvas.hidden = false;
  canvas.setAttribute("aria-label", `${text}, written in ${number.hand}`);
  player.show([{ canvas, writing: number, box: boxOf(number.strokes) }], { moving: true });
  say(own ? "In your own hand; digits that you have not kept are those of people who write like you."
    : `In ${number.hand}, drawn by lot.`);
  for (const id of ["dictated-svg", "dictated-gif", "dictated-points"]) $(id).disabled = false;
}

// How many digits are kept, from which the own hand is known.
export function handKnown(count) {
  $("own-hand").disabled = !count;
  if (!count) $("lot-hand").checked = true;
  $("own-hand-of").textContent = count
    ? `my hand (${count} kept digit${count === 1 ? "" : "s"})`
    : "my hand (once digits are kept)";
}

export const useOwnHand = () => {
  $("own-hand").checked = true;
};

$("dictate").addEventListener("submit", (event) => {
  event.preventDefault();
  write();
});
$("another-hand").addEventListener("click", () => {
  $("lot-hand").checked = true;
  lot += 1;
  write();
});
for (const kind of ["svg", "gif"]) {
  const button = $(`dictated-${kind}`);
  button.addEventListener("click", async () => {
    const { text, pen, strokes } = number;
    button.disabled = true;
    await saveAs(kind, { text, pen, strokes }, `number-${text}`)
      .catch((error) => say(error.message, true));
    button.disabled = false;
  });
}
$("dictated-points").addEventListener("click", () => {
  const { text, hand, characters, strokes } = number;
  const line = JSON.stringify({ text, source: hand, units: "mm", characters, strokes });
  save(new Blob([`${line}\n`], { type: "application/x-ndjson" }), `number-${text}.ndjson`);
});
