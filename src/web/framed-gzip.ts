import zlib from 'node:zlib';

/**
 * A page as gzip without its frame: what stands in every page (head, header, footer) is compressed once and put in its place when
 * the page is sent. So a page takes half the room, and less than half of it has to be compressed.
 */
export type FramedGzip = {
  /** Null: the page has no frame, and `own` is all of it. */
  readonly frame: Frame | null;
  /** The compressed parts of the page that are its own, one after the other, and the end of the file. */
  readonly own: Buffer;
  /** Where the second part begins in `own`, and the end of the file. */
  readonly main: number;
  readonly end: number;
};

type Frame = {
  readonly above: Buffer;
  readonly below: Buffer;
  readonly aboveGzip: Buffer;
  readonly belowGzip: Buffer;
};

/** Compresses pages. Frames are told apart by their bytes; beyond a few, such as while the guidance changes, the oldest is forgotten. */
export function createCompressor(): (page: Buffer) => FramedGzip {
  const frames: Frame[] = [];
  return (page) => {
    const title = page.indexOf('</title>');
    const header = page.indexOf('</header>', title);
    const footer = page.lastIndexOf('<footer');
    if (title < 0 || header < 0 || footer < header || title > longestTitle) return unframed(page);
    const above = page.subarray(title, header);
    const below = page.subarray(footer);
    let frame = frames.find((one) => one.above.equals(above) && one.below.equals(below));
    if (frame === undefined) {
      frame = compressFrame(above, below);
      frames.unshift(frame);
      frames.length = Math.min(frames.length, mostFrames);
    }
    return framed(frame, page, page.subarray(0, title), page.subarray(header, footer));
  };
}

/** The whole page as gzip. */
export function gzipOf({ frame, own, main, end }: FramedGzip): Buffer {
  if (frame === null) return own;
  return Buffer.concat([
    gzipHeader,
    own.subarray(0, main),
    frame.aboveGzip,
    own.subarray(main, end),
    frame.belowGzip,
    own.subarray(end),
  ]);
}

const mostFrames = 4;
// What a stored block of deflate can hold.
const longestTitle = 0xffff;
// RFC 1952: deflate, no name, no time, any system.
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
// Ends at a byte and is not the last block, so that others can follow.
const openEnded = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
// Three times as fast as the usual level, and a tenth larger.
const level = 3;

function compressFrame(above: Buffer, below: Buffer): Frame {
  return {
    // Copies: these are parts of one page, which would stay as long as its frame does.
    above: Buffer.from(above),
    below: Buffer.from(below),
    aboveGzip: zlib.deflateRawSync(above, { ...openEnded, level: 9 }),
    belowGzip: zlib.deflateRawSync(below, { level: 9 }),
  };
}

function framed(frame: Frame, page: Buffer, head: Buffer, main: Buffer): FramedGzip {
  // Whoever unpacks it has just read what stands above it, so it may be pointed back to (RFC 1951, 2).
  const packed = zlib.deflateRawSync(main, { ...openEnded, level, dictionary: frame.above });
  const start = 5 + head.length;
  const end = start + packed.length;
  // Of its own size: a part of a larger piece of memory would keep all of that.
  const own = Buffer.allocUnsafeSlow(end + 8);
  // A stored block: so short a text gains nothing.
  own.writeUInt8(0, 0);
  own.writeUInt16LE(head.length, 1);
  own.writeUInt16LE(~head.length & 0xffff, 3);
  head.copy(own, 5);
  packed.copy(own, start);
  own.writeUInt32LE(zlib.crc32(page), end);
  own.writeUInt32LE(page.length, end + 4);
  return { frame, own, main: start, end };
}

function unframed(page: Buffer): FramedGzip {
  const gzip = zlib.gzipSync(page, { level });
  const own = Buffer.allocUnsafeSlow(gzip.length);
  gzip.copy(own);
  return { frame: null, own, main: 0, end: 0 };
}
