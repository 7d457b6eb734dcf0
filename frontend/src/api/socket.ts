/**
 * The only WebSocket: one per open project. Reconnects with growing pauses, pings so that presence stays, and tells
 * when it is open again, because events sent meanwhile are lost and the listener must read over HTTP.
 */

export type ConnectionState = "connecting" | "open" | "closed" | "refused";

export interface SocketOptions<Event> {
  url: string;
  onEvent: (event: Event) => void;
  onState: (state: ConnectionState) => void;
  /** Replaced in tests. */
  open?: (url: string) => WebSocket;
}

export const FIRST_PAUSE_MS = 500;
export const LONGEST_PAUSE_MS = 15_000;
export const PING_EVERY_MS = 30_000;
/** Close codes of the server that no retry changes: not signed in, not a member. */
const REFUSED_CODES = new Set([4401, 4403]);

/** Pause before the attempt after `failures` failed ones in a row, doubling up to a limit. */
export function reconnectPauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
}

/** Opens the socket and keeps it open; the returned function closes it for good. */
export function connectSocket<Event>(options: SocketOptions<Event>): () => void {
  const open = options.open ?? ((url: string) => new WebSocket(url));
  let socket: WebSocket | null = null;
  let failures = 0;
  let isClosed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let ping: ReturnType<typeof setInterval> | undefined;

  const connect = () => {
    options.onState("connecting");
    socket = open(options.url);
    socket.onopen = () => {
      failures = 0;
      ping = setInterval(() => socket?.send('{"type":"ping"}'), PING_EVERY_MS);
      options.onState("open");
    };
    socket.onmessage = (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as Event & { type: string };
      if (event.type !== "pong") options.onEvent(event);
    };
    socket.onclose = (close: CloseEvent) => {
      clearInterval(ping);
      if (isClosed) return;
      if (REFUSED_CODES.has(close.code)) {
        options.onState("refused");
        return;
      }
      failures += 1;
      options.onState("closed");
      retry = setTimeout(connect, reconnectPauseMs(failures));
    };
  };
  connect();

  return () => {
    isClosed = true;
    clearTimeout(retry);
    clearInterval(ping);
    socket?.close();
  };
}

/** Address of a project's socket on the page's own host. */
export function projectSocketUrl(projectId: number, location: { protocol: string; host: string }): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}/ws/projects/${projectId}/`;
}
