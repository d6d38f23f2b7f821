import net from 'node:net';

/** Sends bytes to a server as they are, and answers with everything that comes back until the connection ends, or for `limitMs`. */
export function sendBytes(
  baseUrl: string,
  bytes: string | Uint8Array,
  { limitMs = 5_000, endsAfterwards = false } = {},
): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve) => {
    let received = '';
    const socket = net.connect(Number(port), hostname, () => {
      if (endsAfterwards) socket.end(bytes);
      else socket.write(bytes);
    });
    const timer = setTimeout(() => socket.destroy(), limitMs);
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      received += text;
    });
    // A server that does not like the rest closes the connection while it is still being sent.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
  });
}

/** The statuses of the answers in what came back. */
export function statusesIn(received: string): number[] {
  return [...received.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
}
