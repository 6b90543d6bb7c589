// SPDX-License-Identifier: Apache-2.0
// Runs @clickhouse/client as it comes from the registry against the URL given, and prints what it got as JSON.
'use strict'
const { createClient } = require('@clickhouse/client')
const { Readable } = require('stream')

const url = process.argv[2]

async function selects(client, report) {
  const query = "SELECT number AS n, 'x' AS s FROM numbers(2)"
  report.JSON = (await (await client.query({ query, format: 'JSON' })).json()).data
  report.JSONEachRow = await (await client.query({ query, format: 'JSONEachRow' })).json()
  report.CSV = await (await client.query({ query, format: 'CSV' })).text()
}

async function one(client, query, more = {}) {
  const rows = await (await client.query({ query, format: 'JSONEachRow', ...more })).json()
  return rows[0]
}

async function inserts(client, report) {
  await client.command({ query: 'CREATE TABLE law.client (n UInt64, s String) ENGINE = MergeTree ORDER BY n' })
  const values = Array.from({ length: 100000 }, (_, n) => ({ n, s: `row ${n} "quoted" \\ ä` }))
  const done = await client.insert({ table: 'law.client', values, format: 'JSONEachRow' })
  report.insert = { ...(await one(client, 'SELECT count() AS count, sum(n) AS sum FROM law.client')), written: done.summary.written_rows }

  await client.command({ query: 'CREATE TABLE law.stream (n UInt64) ENGINE = MergeTree ORDER BY n' })
  async function* rows() {
    for (let n = 0; n < 100000; n++) yield `${n}\n`
  }
  await client.insert({ table: 'law.stream', values: Readable.from(rows(), { objectMode: false }), format: 'CSV' })
  report.insertStream = (await one(client, 'SELECT count() AS c FROM law.stream')).c
}

async function stream(client, report) {
  const result = await client.query({ query: 'SELECT toUInt32(number) AS n FROM numbers(500000)', format: 'JSONCompactEachRow' })
  let rows = 0, last
  for await (const batch of result.stream()) {
    for (const row of batch) {
      last = row.json()[0]
      rows++
    }
  }
  report.stream = { rows, last }
}

async function values(client, report) {
  report.params = await (await client.query({
    query: 'SELECT {a: Int32} AS a, {b: String} AS b', format: 'JSONEachRow',
    query_params: { a: 42, b: "it's\t\\ a \n'test'" },
  })).json()
  report.settings = (await one(client, "SELECT getSetting('max_threads') AS s", { clickhouse_settings: { max_threads: 3 } })).s.toString()
}

async function failure(run) {
  try {
    await run()
  } catch (e) {
    return { type: e.type, code: e.code, message: String(e.message).slice(0, 200) }
  }
  return null
}

async function failures(client, report) {
  report.failing = await failure(() => client.query({ query: 'SELECT * FROM law.nowhere' }))
  report.failingMidway = await failure(async () => {
    const result = await client.query({ query: 'SELECT throwIf(number = 3000000) AS n FROM numbers(4000000)', format: 'JSONEachRow' })
    for await (const _ of result.stream()) { /* read on until it fails */ }
  })
}

async function cancel(client, report) {
  const abort = new AbortController()
  const query = client.query({
    query: 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1', abort_signal: abort.signal,
  })
  setTimeout(() => abort.abort(), 300)
  report.cancelled = await query.then(() => false, () => true)
  await new Promise((resolve) => setTimeout(resolve, 1000)) // time for the engine to notice
}

async function rest(client, report) {
  await client.command({ query: 'INSERT INTO law.stream VALUES (7)' })
  report.command = (await one(client, 'SELECT count() = 100001 AS c FROM law.stream')).c.toString()
  const packed = createClient({ url, compression: { request: true, response: true } })
  await packed.insert({ table: 'law.stream', values: [{ n: 8 }], format: 'JSONEachRow' })
  const rows = await (await packed.query({ query: 'SELECT n FROM law.client', format: 'JSONEachRow' })).json()
  report.compressed = rows.length
  await packed.close()
}

async function main() {
  const client = createClient({ url, request_timeout: 60000 })
  const report = { ping: await client.ping() }
  for (const step of [selects, inserts, stream, values, failures, cancel, rest]) await step(client, report)
  await client.close()
  console.log(JSON.stringify(report))
}

main().catch((e) => {
  console.error(e)
  process.exit(1)
})
