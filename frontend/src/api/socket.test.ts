import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  type ConnectionState,
  connectSocket,
  PING_EVERY_MS,
  projectSocketUrl,
  reconnectPauseMs,
} from "./socket";

class Line {
  sent: string[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.isClosed = true;
    this.onclose?.({ code: 1000 });
  }
}

let lines: Line[] = [];
let states: ConnectionState[] = [];
let events: unknown[] = [];

function start(): () => void {
  return connectSocket<{ type: string }>({
    url: "ws://test",
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
    open: () => {
      const line = new Line();
      lines.push(line);
      return line as unknown as WebSocket;
    },
  });
}

beforeEach(() => {
  lines = [];
  states = [];
  events = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test("events are passed on, pongs are not", () => {
  start();
  lines[0].onopen?.();
  lines[0].onmessage?.({ data: '{"type":"pong"}' });
  lines[0].onmessage?.({ data: '{"type":"classes.changed"}' });
  expect(states).toEqual(["connecting", "open"]);
  expect(events).toEqual([{ type: "classes.changed" }]);
});

test("a lost line is opened again after a growing pause", () => {
  start();
  lines[0].onclose?.({ code: 1006 });
  vi.advanceTimersByTime(499);
  expect(lines).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(lines).toHaveLength(2);
  lines[1].onclose?.({ code: 1006 });
  vi.advanceTimersByTime(999);
  expect(lines).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(lines).toHaveLength(3);
});

test("a refused line is not tried again", () => {
  start();
  lines[0].onclose?.({ code: 4403 });
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(1);
  expect(states.at(-1)).toBe("refused");
});

test("it pings while open and stops when closed for good", () => {
  const stop = start();
  lines[0].onopen?.();
  vi.advanceTimersByTime(PING_EVERY_MS);
  expect(lines[0].sent).toEqual(['{"type":"ping"}']);
  stop();
  vi.advanceTimersByTime(10 * PING_EVERY_MS);
  expect(lines[0].sent).toHaveLength(1);
  expect(lines).toHaveLength(1);
});

test("pauses double up to fifteen seconds", () => {
  expect([1, 2, 3, 5, 6, 50].map(reconnectPauseMs)).toEqual([500, 1000, 2000, 8000, 15000, 15000]);
});

test("the address follows the page's scheme and host", () => {
  expect(projectSocketUrl(7, { protocol: "https:", host: "a.test" })).toBe("wss://a.test/ws/projects/7/");
  expect(projectSocketUrl(7, { protocol: "http:", host: "a.test:81" })).toBe("ws://a.test:81/ws/projects/7/");
});
