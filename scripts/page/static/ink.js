// Drawing on canvases: what is written, and how it is written again.
//
// A writing is {strokes, pen}: strokes are lists of [x, y, t], t in milliseconds; pen is the width
// of the line, in the unit of x and y. It is shown in a box [x, y, width, height] of that unit.

// From the first to the last that is written; all between have a contrast of 3 and more.
const COLOURS = { light: [[54, 18, 140], [205, 95, 0]], dark: [[140, 112, 248], [255, 170, 60]] };

export const darkScheme = matchMedia("(prefers-color-scheme: dark)");
export const UNIT = [0, 0, 1, 1];

export const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// A pen for a canvas that shows a box, as large as it can be, in the middle.
export function penOf(canvas, [x, y, width, height] = UNIT) {
  const ratio = window.devicePixelRatio || 1;
  const size = [canvas.clientWidth * ratio, canvas.clientHeight * ratio].map(Math.round);
  if (size[0] && size[1] && (canvas.width !== size[0] || canvas.height !== size[1])) {
    [canvas.width, canvas.height] = size;
  }
  const pen = canvas.getContext("2d");
  const scale = Math.min(canvas.width / width, canvas.height / height);
  const left = (canvas.width - scale * width) / 2 - scale * x;
  const top = (canvas.height - scale * height) / 2 - scale * y;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(scale, 0, 0, scale, left, top);
  pen.lineCap = "round";
  pen.lineJoin = "round";
  return pen;
}

export const endOf = ({ strokes }) =>
  Math.max(0, ...strokes.map((stroke) => stroke[stroke.length - 1][2]));

function draw(canvas, writing, box, now) {
  const pen = penOf(canvas, box);
  const end = endOf(writing) || 1;
  const [first, last] = darkScheme.matches ? COLOURS.dark : COLOURS.light;
  pen.lineWidth = writing.pen;
  for (const stroke of writing.strokes) {
    for (let i = 0; i + 1 < stroke.length && stroke[i][2] <= now; i += 1) {
      const [[x, y, begun], [nextX, nextY, done]] = [stroke[i], stroke[i + 1]];
      const part = done > now ? (now - begun) / (done - begun) : 1;
      const mix = first.map((early, k) => Math.round(early + (begun / end) * (last[k] - early)));
      pen.strokeStyle = `rgb(${mix})`;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + part * (nextX - x), y + part * (nextY - y));
      pen.stroke();
    }
  }
}

// Shows writings, each on a canvas of its own, all at the same time.
export class Player {
  constructor() {
    this.shown = [];
    this.frame = 0;
    this.now = Infinity;
    for (const change of ["resize", "orientationchange"]) {
      window.addEventListener(change, () => this.draw());
    }
    darkScheme.addEventListener("change", () => this.draw());
  }

  // Each of `shown` is {canvas, writing, box}.
  show(shown, { moving }) {
    this.shown = shown;
    if (moving) this.play();
    else this.stop();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.now = Infinity;
    this.draw();
  }

  play() {
    cancelAnimationFrame(this.frame);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.stop();
      return;
    }
    const end = Math.max(0, ...this.shown.map(({ writing }) => endOf(writing)));
    const start = performance.now();
    const next = (time) => {
      this.now = Math.max(0, time - start);
      this.draw();
      if (this.now < end) this.frame = requestAnimationFrame(next);
      else this.now = Infinity;
    };
    this.frame = requestAnimationFrame(next);
  }

  draw() {
    for (const { canvas, writing, box } of this.shown) draw(canvas, writing, box, this.now);
  }
}
