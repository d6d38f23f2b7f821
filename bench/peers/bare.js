// The bare server that the API is held against: the same Fastify, one route, an answer that is always the same.
import fastify from 'fastify';

const constant = JSON.stringify({ text: 'x'.repeat(Math.max(0, Number(process.env.BYTES) - 11)) });
const server = fastify();
server.post('/api/v1/decisions', (_request, reply) =>
  reply.type('application/json; charset=utf-8').send(constant),
);
await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.stderr.write(`listening on ${server.server.address().port}\n`);
