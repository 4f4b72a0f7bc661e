// Counts promises down in open time. The server sends instants; nothing here knows calendars or zones.
// The clock of the browser may be wrong, so time is the server's plus what has passed since the page came.

const body = document.body;
const words = JSON.parse(body.dataset.words);
const arrived = performance.now();
const serverNow = Number(body.dataset.now);
export const now = () => serverNow + (performance.now() - arrived) / 1000;

const fill = (text, time) => text.replace("%(time)s", time);
const pad = (number) => String(number).padStart(2, "0");

// The same as wording.durations: 2:10, and in the last ten minutes 0:09:30.
function left(seconds) {
  const whole = Math.floor(seconds);
  const minutes = Math.floor(whole / 60);
  if (whole < 600) return `0:${pad(minutes)}:${pad(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}`;
}

function gone(seconds) {
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}`;
}

function day(second) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: body.dataset.zone }).format(second * 1000);
}

function near(second) {
  const language = document.documentElement.lang;
  const options = { timeZone: body.dataset.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const time = new Intl.DateTimeFormat(language, options).format(second * 1000);
  if (day(second) === day(now())) return `${words.today} ${time}`;
  if (day(second) === day(now() + 86400)) return `${words.tomorrow} ${time}`;
  const weekday = new Intl.DateTimeFormat(language, { timeZone: body.dataset.zone, weekday: "short" });
  return `${weekday.format(second * 1000)} ${time}`;
}

function remaining(spans, beyond, at) {
  return spans.reduce((sum, [start, end]) => sum + Math.max(0, end - Math.max(start, at)), beyond);
}

function show(chip, tone, text) {
  if (!chip.classList.contains(tone)) {
    chip.classList.remove("calm", "soon", "late");
    chip.classList.add(tone);
  }
  const place = chip.querySelector(".chip-text");
  if (place.textContent !== text) place.textContent = text;
}

function tick(chip) {
  const at = now();
  const due = Number(chip.dataset.due);
  if (at > due) {
    // After a day the server's words, in days, are better than hours that only grow.
    if (at - due < 86400) show(chip, "late", fill(words.missed, gone(at - due)));
    return;
  }
  const spans = chip.dataset.spans.split(" ").filter(Boolean).map((pair) => pair.split("-").map(Number));
  const seconds = remaining(spans, Number(chip.dataset.beyond), at);
  show(chip, seconds <= Number(chip.dataset.soon) ? "soon" : "calm", fill(words.left, left(seconds)));
  const waiting = chip.parentElement.querySelector("[data-counts-from]");
  if (waiting) {
    const next = spans.find(([, end]) => end > at);
    const text = next && next[0] > at ? fill(words.countsFrom, near(next[0])) : "";
    if (waiting.textContent !== text) waiting.textContent = text;
  }
}

function move(strip) {
  const at = now();
  const points = strip.dataset.strip.split(" ").map((point) => point.split(":").map(Number));
  let x = points[points.length - 1][1];
  for (let index = 1; index < points.length; index += 1) {
    const [[from, left], [to, right]] = [points[index - 1], points[index]];
    if (at < to) {
      x = left + ((right - left) * Math.max(0, at - from)) / (to - from);
      break;
    }
  }
  strip.querySelector(".passed").setAttribute("width", x.toFixed(2));
  strip.querySelector(".now").setAttribute("x", Math.min(x, 997).toFixed(2));
}

function all() {
  document.querySelectorAll("[data-countdown]").forEach(tick);
  document.querySelectorAll("[data-strip]").forEach(move);
}

all();
setInterval(all, 1000);
