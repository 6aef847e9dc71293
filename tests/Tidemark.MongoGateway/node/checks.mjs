// What the gateway answers, asked by MongoDB's driver for Node.js: what two official drivers agree about is the protocol's, not one driver's.
// Needs the environment variables GATEWAY (Tidemark.MongoGateway.dll) and POSTGRESQL_PORT (DocumentDB's); it starts a gateway of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, test } from 'node:test';
import { Binary, Decimal128, Long, MongoClient } from 'mongodb';

const database = `node_${process.pid}`;
let gateway, lines, client, db;

async function start(port) {
  gateway = spawn('dotnet', [process.env.GATEWAY, process.env.POSTGRESQL_PORT, port ?? '0'], { stdio: ['pipe', 'pipe', 'inherit'] });
  lines = createInterface({ input: gateway.stdout })[Symbol.asyncIterator]();
  return (await lines.next()).value;
}

async function tell(line) {
  gateway.stdin.write(line + '\n');
  return (await lines.next()).value;
}

async function kill() {
  const gone = new Promise(resolve => gateway.once('exit', resolve));
  gateway.kill('SIGKILL');
  await gone;
}

const upserts = (keys, set) => keys.map(k => ({ updateOne: { filter: { k }, update: { $set: set(k) }, upsert: true } }));
const range = (from, count) => Array.from({ length: count }, (_, i) => from + i);
const failure = promise => promise.then(() => assert.fail('nothing failed'), e => e);

before(async () => {
  client = new MongoClient(await start(), { serverSelectionTimeoutMS: 5000 });
  await client.connect();
  db = client.db(database);
});

after(async () => {
  await db.dropDatabase();
  await client.close();
  gateway.stdin.end();
});

beforeEach(() => db.collection('c').drop());

test('inserted documents come back as they were, with every type', async () => {
  const c = db.collection('c');
  const document = {
    _id: 'a', double: 1.5, text: 'zwölf', nested: { list: [1, { x: null }], empty: {} }, bytes: new Binary(Buffer.from([0, 1, 255])), yes: true, date: new Date('2026-02-03T04:05:06.789Z'),
    nothing: null, pattern: /a+/i, small: 7, big: Long.fromString('9007199254740993'), decimal: Decimal128.fromString('12345678901234567890.12345'),
  };
  assert.equal((await c.insertOne(document)).insertedId, 'a');
  assert.deepEqual(await c.findOne({ _id: 'a' }, { promoteLongs: false, promoteValues: true }), document);
});

test('upserts count inserted, updated and unchanged', async () => {
  const c = db.collection('c');
  const first = await c.bulkWrite(upserts(range(0, 1000), k => ({ v: k })), { ordered: false });
  assert.equal(first.upsertedCount, 1000);
  const second = await c.bulkWrite(upserts(range(500, 1000), k => ({ v: k < 600 ? -1 : k })), { ordered: false });
  assert.deepEqual([second.upsertedCount, second.matchedCount, second.modifiedCount], [500, 500, 100]);
  assert.equal(await c.countDocuments(), 1500);
  assert.equal(await c.estimatedDocumentCount(), 1500);
});

test('1000 small upserts are one command', async () => {
  await tell('reset');
  await db.collection('c').bulkWrite(upserts(range(0, 1000), k => ({ v: k })), { ordered: false });
  assert.equal(JSON.parse(await tell('counts')).update, 1);
});

// This driver begins a new command at 16 MB, libmongoc at the 48 MB of a message.
test('60 documents of 1 MB are split in four', async () => {
  const text = 'x'.repeat(1024 * 1024);
  await tell('reset');
  const result = await db.collection('c').bulkWrite(upserts(range(0, 60), () => ({ text })), { ordered: false });
  assert.equal(result.upsertedCount, 60);
  assert.equal(JSON.parse(await tell('counts')).update, 4);
});

test('a duplicate key is named with its place and code 11000, the rest is written', async () => {
  const c = db.collection('c');
  await c.createIndex({ k: 1 }, { unique: true, name: 'by_k' });
  await c.createIndex({ k: 1 }, { unique: true, name: 'by_k' });
  assert.deepEqual((await c.indexes()).map(i => [i.name, i.unique ?? false]), [['_id_', false], ['by_k', true]]);
  const error = await failure(c.insertMany([{ _id: 1, k: 'a' }, { _id: 2, k: 'a' }, { _id: 1, k: 'b' }, { _id: 3, k: 'c' }], { ordered: false }));
  assert.deepEqual(error.writeErrors.map(e => [e.index, e.code]), [[1, 11000], [2, 11000]]);
  assert.equal(error.insertedCount, 2);
  const ordered = await failure(c.insertMany([{ _id: 4, k: 'a' }, { _id: 5, k: 'd' }]));
  assert.equal(ordered.code, 11000);
  assert.equal(await c.countDocuments(), 2);
});

test('a unique index that existing data breaks is refused with code 11000', async () => {
  const c = db.collection('c');
  await c.insertMany([{ k: 1 }, { k: 1 }]);
  assert.equal((await failure(c.createIndex({ k: 1 }, { unique: true }))).code, 11000);
  assert.equal((await c.indexes()).length, 1);
});

test('items that lost a race carry code 112 and were not written', async () => {
  const c = db.collection('c');
  await tell('items update 3 112');
  const error = await failure(c.bulkWrite(upserts(range(0, 10), k => ({ v: k })), { ordered: false }));
  assert.deepEqual(error.writeErrors.map(e => [e.index, e.code]), [[7, 112], [8, 112], [9, 112]]);
  assert.equal(error.result.upsertedCount, 7);
  assert.equal(await c.countDocuments(), 7);
});

test('find by $in returns what is there, over several pages', async () => {
  const c = db.collection('c');
  await c.insertMany(range(0, 2500).map(k => ({ _id: k, k: `k${k}` })));
  const keys = range(2000, 1000).map(k => `k${k}`);
  await tell('reset');
  assert.equal((await c.find({ k: { $in: keys } }, { batchSize: 100, projection: { _id: 0, k: 1 } }).toArray()).length, 500);
  const { getMore } = JSON.parse(await tell('counts'));
  assert.ok(getMore >= 4, `${getMore} further pages`);
  const sorted = await c.find({}, { batchSize: 700, sort: { k: -1 } }).toArray();
  assert.deepEqual(sorted.map(d => d.k), range(0, 2500).map(k => `k${k}`).sort().reverse());
});

test('sorted cursors are read at the same time, and one may be left', async () => {
  const c = db.collection('c');
  await c.insertMany(range(0, 100).map(k => ({ _id: k })));
  const [up, down] = [c.find({}, { batchSize: 10, sort: { _id: 1 } }), c.find({}, { batchSize: 10, sort: { _id: -1 } })];
  for (const k of range(0, 30)) assert.deepEqual([(await up.next())._id, (await down.next())._id], [k, 99 - k]);
  await up.close();
  assert.equal((await down.toArray()).length, 70);
});

test('aggregation groups and finds keys that are there twice', async () => {
  const c = db.collection('c');
  await c.insertMany([{ k: 1 }, { k: 1 }, { k: 2 }]);
  assert.deepEqual(await c.aggregate([{ $group: { _id: '$k', n: { $sum: 1 } } }, { $match: { n: { $gt: 1 } } }]).toArray(), [{ _id: 1, n: 2 }]);
});

test('delete, replace and drop', async () => {
  const c = db.collection('c');
  await c.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
  assert.equal((await c.deleteMany({ _id: { $gt: 1 } })).deletedCount, 2);
  assert.equal((await c.replaceOne({ _id: 1 }, { v: { deep: true } })).modifiedCount, 1);
  assert.deepEqual(await c.findOne(), { _id: 1, v: { deep: true } });
  assert.equal(await c.drop(), true);
  assert.deepEqual(await db.listCollections({ name: 'c' }).toArray(), []);
  assert.deepEqual(await c.find().toArray(), []);
});

test('one document is found and changed at once', async () => {
  const c = db.collection('c');
  await c.insertOne({ _id: 1, v: 1 });
  assert.deepEqual(await c.findOneAndUpdate({ _id: 1 }, { $inc: { v: 1 } }, { returnDocument: 'after' }), { _id: 1, v: 2 });
  assert.deepEqual(await c.distinct('v'), [2]);
  assert.equal((await db.stats()).collections, 1);
});

test('writers of the same keys make each document once, and every item is answered', async () => {
  const c = db.collection('c');
  await c.createIndex({ k: 1 }, { unique: true });
  const conflicts = new Set();
  const posts = range(0, 8).map(async writer => {
    for (const post of range(0, 5)) {
      // Each from another place, so that they meet each other.
      let keys = range(0, 50).map(i => (i * 7 + writer * 11 + post) % 50);
      while (keys.length > 0) {
        const before = keys;
        keys = await c.bulkWrite(upserts(keys, () => ({ writer, post })), { ordered: false })
          .then(() => [], e => [].concat(e.writeErrors).map(w => { conflicts.add(w.code); return before[w.index]; }));
      }
    }
  });
  await Promise.all(posts);
  assert.equal(await c.countDocuments(), 50);
  assert.deepEqual([...conflicts].filter(code => code !== 112 && code !== 11000), []);
});

test('collections are made and listed', async () => {
  await db.createCollection('c');
  assert.deepEqual((await db.listCollections({}, { nameOnly: true }).toArray()).map(c => [c.name, c.type]), [['c', 'collection']]);
});

test('what is wrong has its code', async () => {
  const c = db.collection('c');
  assert.equal((await failure(db.command({ nonsense: 1 }))).code, 59);
  assert.equal((await failure(c.find({ k: { $nonsense: 1 } }).toArray())).code, 2);
  assert.equal((await failure(c.updateOne({}, { $nonsense: { k: 1 } }, { upsert: true }))).code, 9);
  await c.insertOne({ _id: 1, k: 1 });
  assert.equal((await failure(c.updateOne({ k: 1 }, { $set: { _id: 2 } }))).code, 66);
  assert.equal((await failure(db.command({ getMore: Long.fromNumber(12345), collection: 'c' }))).code, 43);
  await tell('error find 13');
  assert.equal((await failure(c.find().toArray())).codeName, 'Unauthorized');
});

test('an answer is lost after the write, a command before it', async () => {
  const c = db.collection('c');
  await tell('unanswered update');
  const error = await failure(c.bulkWrite(upserts([1], () => ({ v: 1 })), { ordered: false }));
  assert.match(error.message, /connection .* closed/);
  assert.equal(await c.countDocuments(), 1);
  await tell('unread update');
  await failure(c.bulkWrite(upserts([2], () => ({ v: 1 })), { ordered: false }));
  assert.equal(await c.countDocuments(), 1);
});

test('a held answer comes when it is released', async () => {
  const c = db.collection('c');
  await tell('hold insert');
  let isDone = false;
  const insert = c.insertOne({ _id: 1 }).then(() => { isDone = true; });
  while (await c.countDocuments() === 0);
  assert.equal(isDone, false);
  await tell('release');
  await insert;
});

test('it is killed and comes back on its port', async () => {
  const c = db.collection('c');
  await c.insertOne({ _id: 1 });
  const port = String(client.options.hosts[0].port);
  await kill();
  await failure(c.insertOne({ _id: 2 }));
  await start(port);
  await c.insertOne({ _id: 3 });
  assert.deepEqual((await c.find().toArray()).map(d => d._id), [1, 3]);
});
