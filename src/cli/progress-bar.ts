/** Told what is being done, and how far along of the whole (0 to 1). */
export type Progress = (what: string, done: number) => void;

export type ProgressBar = { readonly tell: Progress; readonly clear: () => void };

const width = 30;
const waitMs = 1000;

/**
 * A bar for work that takes longer than a second, on a stream that is a terminal; nothing on any other. The work is synchronous, so
 * that it is drawn whenever the work tells how far it is.
 */
export function progressBar(
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean },
  nowMs: () => number = () => performance.now(),
): ProgressBar {
  const startedAtMs = nowMs();
  let isDrawn = false;
  return {
    tell(what, done) {
      if (stream.isTTY !== true || nowMs() - startedAtMs < waitMs) return;
      const full = Math.round(Math.min(1, Math.max(0, done)) * width);
      const percent = String(Math.round(done * 100)).padStart(3);
      stream.write(`\r\u001b[2K[${'#'.repeat(full)}${' '.repeat(width - full)}] ${percent} % ${what}`);
      isDrawn = true;
    },
    clear() {
      if (isDrawn) stream.write('\r\u001b[2K');
      isDrawn = false;
    },
  };
}
