import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import zlib from 'node:zlib';
import { createCompressor, gzipOf } from './framed-gzip.ts';

const page = (title: string, main: string, label = 'a'): Buffer =>
  Buffer.from(
    `<html><head><title>${title}</title>${'<link>'.repeat(200)}</head><body><header>${'<nav>menu’</nav>'.repeat(100)}</header><main>${main}</main><footer>${label}</footer></body></html>`,
  );

describe('a page compressed without its frame', () => {
  it('is the same page for whoever unpacks it', () => {
    const compress = createCompressor();
    const pages = [
      page('One', 'menu’</nav>'.repeat(50)),
      page('Two', ''),
      page('“Three”', 'é漢🐢 <footer>inside</footer> '.repeat(3_000)),
      page('Four', '<nav>menu’</nav>', 'another label'),
      page('Five', '<title>again</title></header>'),
      page('T'.repeat(70_000), 'a title that is too long'),
      Buffer.from('<p>no frame at all'),
      Buffer.from('<title>a</title> no footer </header>'),
      Buffer.from('<footer><title>a</title></header> upside down'),
      Buffer.alloc(0),
    ];
    for (const one of [...pages, ...pages])
      assert.deepEqual(zlib.gunzipSync(gzipOf(compress(one))), one, String(one).slice(0, 200));
  });

  it('shares its frame with the others, also while several frames are about', () => {
    const compress = createCompressor();
    const frames = ['a', 'b', 'a', 'b'].map((label) => compress(page(label, 'x', label)).frame);
    assert.equal(frames[0], frames[2]);
    assert.equal(frames[1], frames[3]);
    assert.notEqual(frames[0], frames[1]);
  });

  it('keeps nothing of the frame but where it is', () => {
    const compress = createCompressor();
    const [short, long] = [page('One', 'x'), page('One', `x${'<nav>menu’</nav>'.repeat(100)}`)].map(
      (one) => compress(one).own.length,
    ) as [number, number];
    assert.ok(short < 80, String(short));
    assert.ok(long < short + 40, 'what stands in the frame as well is only pointed to');
  });
});
