import fs from 'node:fs';
import net from 'node:net';

import type { LogStream } from './log.ts';

/** Where the log of a process goes. Writing to it never waits and never fails: a line that has no place is lost. */
export type LogDestination = LogStream & {
  /** Waits until what was written has left the process, at most `limitMs` milliseconds. */
  readonly flush: (limitMs: number) => Promise<void>;
};

/** `process.stdout`: a socket where it is a pipe or a terminal, something that only has a descriptor where it is a file. */
type Stdout = net.Socket | { readonly fd: number };

// What a reader that stands still, or a disk that is full, may keep in memory.
const mostBytes = 1024 * 1024;

/**
 * The log to stdout. INVARIANT: neither a full disk, nor a pipe that nobody reads or that is closed, keeps
 * the service from answering or from stopping (test/journeys/serve.test.ts). The first line that has a place again says how many
 * were lost.
 */
export function openLogDestination(stdout: Stdout): LogDestination {
  const write = stdout instanceof net.Socket ? toPipe(stdout) : toFile(stdout.fd);
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let isWriting = false;
  let afterwards: (() => void)[] = [];

  const writeWaiting = () => {
    const [lines, lostBefore] = [waiting, lost];
    [waiting, waitingBytes, lost] = [[], 0, 0];
    if (lines.length === 0) {
      lost = lostBefore;
      isWriting = false;
      for (const done of afterwards) done();
      afterwards = [];
      return;
    }
    write((lostBefore > 0 ? sayLost(lostBefore) : '') + lines.join(''), (isWritten) => {
      if (!isWritten) lost += lostBefore + lines.length;
      writeWaiting();
    });
  };
  return {
    write(line) {
      if (waitingBytes + line.length > mostBytes) {
        lost += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += line.length;
      if (isWriting) return;
      // The lines of one turn of the event loop go out together.
      isWriting = true;
      setImmediate(writeWaiting);
    },
    flush(limitMs) {
      if (!isWriting) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        afterwards.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}

function sayLost(count: number): string {
  return `${JSON.stringify({ level: 'warn', count, msg: 'lines of the log were lost: there was no room for them' })}\n`;
}

/** Writes text and then says whether all of it has been written. */
type Write = (text: string, done: (isWritten: boolean) => void) => void;

// A write to a pipe that nobody reads can take for ever. In the event loop it keeps nothing else from running; in a thread of its own
// it would keep the process from ending.
function toPipe(stream: net.Socket): Write {
  // The error also reaches the write that failed.
  stream.on('error', () => {});
  return (text, done) => {
    if (stream.destroyed) setImmediate(done, false);
    else stream.write(text, (error) => done(error === null || error === undefined));
  };
}

// A stream of Node to a file writes in the turn that asked it to, and is closed for ever by the first error.
function toFile(fd: number): Write {
  let isCutOff = false;
  const write = (bytes: Buffer, done: (isWritten: boolean) => void) => {
    fs.write(fd, bytes, (error, count) => {
      if (error !== null) return done(false);
      isCutOff = count < bytes.length;
      if (isCutOff) write(bytes.subarray(count), done);
      else done(true);
    });
  };
  return (text, done) => write(Buffer.from((isCutOff ? '\n' : '') + text), done);
}
