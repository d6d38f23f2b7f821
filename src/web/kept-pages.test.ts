import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import zlib from 'node:zlib';
import fastify from 'fastify';
import type { Needs } from '#usecases/needs.ts';
import { keepPages } from './kept-pages.ts';

describe('pages that are kept', () => {
  const setUp = () => {
    const state = { hash: 'a', today: '2026-11-22', made: 0 };
    const needs = { policy: () => ({ hash: state.hash }), today: () => state.today } as unknown as Needs;
    const server = fastify();
    keepPages(server, needs);
    server.get('/page', (request, reply) => {
      state.made += 1;
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'private')
        .send(`<p>${request.url} ${state.hash}`);
    });
    server.get('/wrong', (_request, reply) => {
      state.made += 1;
      return reply.code(422).type('text/html; charset=utf-8').send('<p>wrong');
    });
    server.get('/data', (_request, reply) => {
      state.made += 1;
      return reply.send({ a: 1 });
    });
    return { state, server };
  };

  it('are made once for each address, and are the same every time', async () => {
    const { state, server } = setUp();
    const first = await server.inject('/page?a=1');
    const again = await server.inject('/page?a=1');
    assert.equal(state.made, 1);
    assert.equal(again.body, '<p>/page?a=1 a');
    assert.deepEqual({ ...again.headers, date: '' }, { ...first.headers, date: '' });
    await server.inject('/page?a=2');
    assert.equal(state.made, 2);
  });

  it('are made again on another day and under another pack', async () => {
    const { state, server } = setUp();
    await server.inject('/page');
    state.today = '2026-11-23';
    await server.inject('/page');
    state.hash = 'b';
    assert.equal((await server.inject('/page')).body, '<p>/page b');
    assert.equal(state.made, 3);
  });

  it('are confirmed and not sent to who has them, kept or not', async () => {
    const { state, server } = setUp();
    const { etag } = (await server.inject('/page')).headers;
    for (const held of [String(etag), `"x", ${String(etag).slice(2)}`, '*']) {
      const answer = await server.inject({ url: '/page', headers: { 'if-none-match': held } });
      assert.deepEqual([answer.statusCode, answer.body, answer.headers.etag], [304, '', etag]);
    }
    state.today = '2026-11-23';
    assert.equal(
      (await server.inject({ url: '/page', headers: { 'if-none-match': String(etag) } })).statusCode,
      304,
    );
    assert.equal(
      (await server.inject({ url: '/page', headers: { 'if-none-match': '"other"' } })).statusCode,
      200,
    );
  });

  it('are sent compressed to who takes that, the first time and when they are kept, and as they are to others', async () => {
    const { state, server } = setUp();
    for (let time = 0; time < 2; time++) {
      const headers = { 'accept-encoding': 'br, gzip;q=0.8' };
      const { rawPayload, headers: answer } = await server.inject({ url: '/page', headers });
      assert.equal(answer['content-encoding'], 'gzip');
      assert.equal(answer['content-length'], String(rawPayload.length));
      assert.equal(zlib.gunzipSync(rawPayload).toString(), '<p>/page a');
      for (const refusing of ['gzip;q=0', '', 'identity']) {
        const plain = await server.inject({ url: '/page', headers: { 'accept-encoding': refusing } });
        assert.deepEqual([plain.body, plain.headers['content-encoding']], ['<p>/page a', undefined]);
        assert.deepEqual([plain.headers.etag, plain.headers.vary], [answer.etag, 'accept-encoding']);
      }
    }
    assert.equal(state.made, 1);
  });

  it('stand under the guidance that was in force when they were asked for', async () => {
    const { state, server } = setUp();
    server.get('/slow', async (_request, reply) => {
      const body = `<p>${state.hash}`;
      state.hash = 'b';
      return reply.type('text/html; charset=utf-8').send(body);
    });
    assert.equal((await server.inject('/slow')).body, '<p>a');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await server.inject('/slow')).body, '<p>b');
  });

  it('are only pages: no problem, no other form', async () => {
    const { state, server } = setUp();
    for (const url of ['/wrong', '/wrong', '/data', '/data']) {
      assert.equal((await server.inject(url)).headers.etag, undefined);
    }
    assert.equal(state.made, 4);
  });
});
