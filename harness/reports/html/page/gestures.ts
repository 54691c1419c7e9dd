import type { Timeline } from './timeline.ts';
import type { TimelineElements } from './timeline.ts';

/** A press that moves no further than this is a click. */
const CLICK_PX = 4;

/** Leads pointers, wheel and keys to the timeline. A plain wheel scrolls, as everywhere. */
export function connectGestures(timeline: Timeline, { rows, canvas, overview }: TimelineElements): void {
  connectPointers(timeline, canvas);
  rows.addEventListener('scroll', () => timeline.refresh(), { passive: true });
  rows.addEventListener('wheel', (event) => onWheel(timeline, event), { passive: false });
  rows.addEventListener('keydown', (event) => onKey(timeline, event));
  overview.addEventListener('pointerdown', (event) => {
    overview.setPointerCapture(event.pointerId);
    timeline.showAround(event.clientX);
  });
  overview.addEventListener('pointermove', (event) => {
    if (overview.hasPointerCapture(event.pointerId)) timeline.showAround(event.clientX);
  });
}

function onWheel(timeline: Timeline, event: WheelEvent): void {
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    timeline.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200))), event.clientX);
    return;
  }
  const sideways = event.shiftKey ? event.deltaY : event.deltaX;
  if (sideways === 0) return;
  event.preventDefault();
  timeline.drag(-sideways);
}

const KEYS: Readonly<Record<string, (timeline: Timeline) => void>> = {
  ArrowLeft: (timeline) => timeline.pan(-0.15),
  ArrowRight: (timeline) => timeline.pan(0.15),
  '+': (timeline) => timeline.zoomIn(),
  '=': (timeline) => timeline.zoomIn(),
  '-': (timeline) => timeline.zoomOut(),
  '0': (timeline) => timeline.showAll(),
  n: (timeline) => timeline.selectViolation('next'),
  p: (timeline) => timeline.selectViolation('previous'),
  f: (timeline) => timeline.selectViolation('first'),
  '[': (timeline) => timeline.select(timeline.selected - 1, { reveal: true }),
  ']': (timeline) => timeline.select(timeline.selected + 1, { reveal: true }),
};

function onKey(timeline: Timeline, event: KeyboardEvent): void {
  const action = KEYS[event.key];
  if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  action(timeline);
}

interface Press {
  readonly x: number;
  readonly y: number;
  moved: number;
  lastX: number;
}

/** One pointer drags or clicks, two pinch. */
function connectPointers(timeline: Timeline, canvas: HTMLCanvasElement): void {
  const presses = new Map<number, Press>();
  const apart = (): number => {
    const [one, other] = [...presses.values()];
    return one === undefined || other === undefined ? 0 : Math.abs(one.lastX - other.lastX);
  };
  canvas.addEventListener('pointerdown', ({ pointerId, clientX, clientY }) => {
    canvas.setPointerCapture(pointerId);
    presses.set(pointerId, { x: clientX, y: clientY, moved: 0, lastX: clientX });
  });
  canvas.addEventListener('pointermove', ({ pointerId, clientX, clientY }) => {
    const press = presses.get(pointerId);
    if (press === undefined) {
      canvas.title = timeline.describe(timeline.callAt(clientX, clientY));
      return;
    }
    const before = apart();
    const step = clientX - press.lastX;
    press.lastX = clientX;
    press.moved += Math.abs(step);
    if (presses.size === 1) timeline.drag(step);
    else if (before > 20 && apart() > 20) timeline.zoom(before / apart(), clientX);
  });
  canvas.addEventListener('pointerup', ({ pointerId }) => {
    const press = presses.get(pointerId);
    presses.delete(pointerId);
    if (press === undefined || press.moved > CLICK_PX) return;
    timeline.select(timeline.callAt(press.x, press.y), { reveal: false });
  });
  canvas.addEventListener('pointercancel', ({ pointerId }) => presses.delete(pointerId));
}
