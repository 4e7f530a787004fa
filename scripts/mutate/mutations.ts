/** One thing wrong with the load code. `from` stands once in the file. */
export interface Mutation {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** Why nothing notices, of one that does no harm. */
  readonly harmless?: string
}

/**
 * Faults in what exactly-once loading rests on, each of which something must notice: a row lost or there twice, an
 * object given up that is loaded, a process that hangs. Those that do no harm say why.
 */
export const mutations: readonly Mutation[] = [
  {
    name: 'streams of a group without a seal are used again',
    file: 'functions/append/group-writer.ts',
    from: '} else streams.leave(stream)',
    to: '} else {\n        stream.endGroup()\n        streams.giveBack(stream)\n      }',
  },
  {
    name: 'a stream is clean whatever was sent',
    file: 'functions/append/standing-stream.ts',
    from: 'return !this.#gone && (this.#sent === 0 || (this.#sent === 1 && this.#refused))',
    to: 'return true',
  },
  {
    name: 'a sealed group is flushed one row short',
    file: 'functions/append/standing-stream.ts',
    from: 'return this.#next - 1',
    to: 'return this.#next - 2',
  },
  {
    name: 'sealed before every answer is there',
    file: 'functions/append/group-writer.ts',
    from: '    await this.settle()\n    const written',
    to: '    const written',
  },
  {
    name: 'the offset of an answer is not looked at',
    file: 'functions/append/standing-stream.ts',
    from: '        this.#checkOffset(first, reply)\n',
    to: '',
    harmless:
      'a net under faults of the service or of this class: an append at an offset that was given is there or nowhere',
  },
  {
    name: 'rows behind a sealed group begin at its first offset',
    file: 'functions/append/standing-stream.ts',
    from: '    this.#sealed = this.#next\n    this.#sent = 0',
    to: '    this.#next = this.#sealed\n    this.#sent = 0',
  },
  {
    name: 'an unknown error of a flush counts as flushed',
    file: 'functions/append/answers.ts',
    from: "return unflushable.has(code) ? 'refused' : ofCode(code)\n}\n\nconst unflushable",
    to: "return unflushable.has(code) ? 'done' : ofCode(code)\n}\n\nconst unflushable",
  },
  {
    name: 'a flush repeated is no success',
    file: 'functions/append/answers.ts',
    from: "if (code === grpc.alreadyExists) return 'done'",
    to: "if (code === grpc.alreadyExists) return 'refused'",
  },
  {
    name: 'a missing permission is the fault of the object',
    file: 'functions/append/answers.ts',
    from: '  grpc.failedPrecondition,\n])',
    to: '  grpc.failedPrecondition,\n  grpc.permissionDenied,\n])',
  },
  {
    name: 'OUT_OF_RANGE counts as appended',
    file: 'functions/append/answers.ts',
    from: "if (reply.code === grpc.outOfRange) return 'retry'",
    to: "if (reply.code === grpc.outOfRange) return 'done'",
  },
  {
    name: 'a schema mismatch is seen in responses only',
    file: 'functions/append/answers.ts',
    from: "if (reply.storageError?.startsWith('SCHEMA",
    to: "if (reply.kind === 'refused' && reply.storageError?.startsWith('SCHEMA",
  },
  {
    name: 'a commit without a reason counts as committed',
    file: 'functions/append/answers.ts',
    from: "  if (codes.size === 1 && codes.has('STREAM_ALREADY_COMMITTED')) return 'done'",
    to: "  if (codes.size === 0 || (codes.size === 1 && codes.has('STREAM_ALREADY_COMMITTED'))) return 'done'",
  },
  {
    name: 'one failing table ends the flush of a group',
    file: 'functions/commit/flush-group.ts',
    from: '      failures.set(index, error)',
    to: '      failures.set(index, error)\n      throw error',
  },
  {
    name: 'the ledger is not asked before an object is read',
    file: 'functions/load-object.ts',
    from: "  if (standing.kind !== 'free') return resolveTaken(hash, standing, tools.groupTools)\n",
    to: '',
  },
  {
    name: 'the ledger is not asked before an object is set aside',
    file: 'functions/load.ts',
    from: 'const standing = await tools.groupTools.ledger.setAside(hash)\n  return standing.kind',
    to: "const standing = { kind: 'set_aside' as const }\n  return standing.kind",
  },
  {
    name: 'what was set aside since it was read is loaded',
    file: 'functions/commit/ledger.ts',
    from: '(by) => by === undefined || by === setAside',
    to: '() => true || setAside',
  },
  {
    name: 'dead letters that die are tried no more, whichever message they come with',
    file: 'functions/commit/last-tries.ts',
    from: 'open: false, setAside }\n        const written',
    to: 'setAside }\n        const written',
  },
  {
    name: 'what a left-out object sent stays with the stream',
    file: 'functions/append/group-writer.ts',
    from: '    for (const stream of streams) if (stream.rowCount > 0) stream.rewind()\n',
    to: '',
  },
  {
    name: 'set aside at the first failure',
    file: 'functions/load.ts',
    from: 'if (!deadLettered || !isObjectFault(error)) return retryFor(error)',
    to: 'if (!isObjectFault(error)) return retryFor(error)',
  },
  {
    name: 'a sealed group is not flushed by who meets it',
    file: 'functions/commit/group.ts',
    from: 'const failures = await flushAndRecord(taken.group, tools, taken.done)\n    return failures.has(hash)',
    to: 'const failures = new Map<string, unknown>()\n    return failures.has(hash)',
  },
  {
    name: 'no group is ever done',
    file: 'functions/commit/ledger.ts',
    from: "if (done?.members.includes(hash)) return { kind: 'loaded' }",
    to: '',
  },
  {
    name: 'sealed without it counts as loaded',
    file: 'functions/commit/ledger.ts',
    from: "end.state === 'sealed' && end.members.some((member) => member.hash === hash)",
    to: "end.state === 'sealed'",
  },
  {
    name: 'done without it counts as loaded',
    file: 'functions/commit/ledger.ts',
    from: 'if (done?.members.includes(hash))',
    to: 'if (done)',
  },
  {
    name: 'an object of another bucket is the same object',
    file: 'functions/commit/ledger.ts',
    from: 'JSON.stringify([bucket, key, etag])',
    to: "JSON.stringify([bucket && '', key, etag])",
  },
  {
    name: 'a seal that meets an end counts as sealed',
    file: 'functions/commit/ledger.ts',
    from: "    return end.state === 'sealed'\n",
    to: '    return end !== undefined\n',
  },
  {
    name: 'an object is forgotten though it is loaded',
    file: 'functions/commit/ledger.ts',
    from: ".kind !== 'sealed') return false",
    to: ".kind === 'free') return false",
  },
  {
    name: 'a blameless member is given up with the fault of another',
    file: 'functions/commit/group-commit.ts',
    from: "return new Failure('system', 'append', 'group_failed'",
    to: "return new Failure('object', 'append', 'group_failed'",
    harmless:
      'it takes four groups in a row that fail: those that failed are kept together without whom they failed with',
  },
  {
    name: 'only the first waiting append learns of a lost connection',
    file: 'functions/clients/append-connection.ts',
    from: 'this.#waiting.splice(0)',
    to: 'this.#waiting.splice(0, 1)',
  },
  {
    name: 'a response of a schema alone answers an append',
    file: 'functions/clients/append-connection.ts',
    from: '      if (!response.error && !response.appendResult) return\n',
    to: '',
  },
  {
    name: 'a commit without a time counts as committed',
    file: 'functions/clients/write-client.ts',
    from: "if (reply.commitTime) return { kind: 'committed' }",
    to: "if (!reply.streamErrors?.length) return { kind: 'committed' }",
  },
  {
    name: 'a ledger that refuses has nothing',
    file: 'functions/clients/gcs-ledger-store.ts',
    from: 'if (statusOf(error) === 404) return undefined\n      throw unavailable(`reading',
    to: 'if (statusOf(error) >= 400) return undefined\n      throw unavailable(`reading',
  },
  {
    name: 'whatever generation is newest is read',
    file: 'functions/clients/gcs-object-store.ts',
    from: 'file(object.name, { generation: object.generation })',
    to: 'file(object.name)',
  },
  {
    name: 'a claim whose reply was lost is taken for that of another',
    file: 'functions/commit/ledger.ts',
    from: 'if (readClaim(found.body).group === group) return',
    to: "if (readClaim(found.body).group === '') return",
  },
  {
    name: 'a claim that is gone counts as claimed',
    file: 'functions/commit/ledger.ts',
    from: '      if (!found) continue\n',
    to: "      if (!found) return { kind: 'claimed', generation: '1' }\n",
    harmless:
      'nothing deletes a claim while it matters: the bucket keeps them for ever, or longer than any delivery',
  },
  {
    name: 'a group that was sealed is given up all the same',
    file: 'functions/commit/ledger.ts',
    from: "    return end.state === 'aborted'\n",
    to: '    return end !== undefined\n',
  },
  {
    name: 'recorded before it is visible',
    file: 'functions/commit/group.ts',
    from: 'const byTable = await flushGroup(group, tools)\n',
    to:
      'await tools.log.write(group.members.map(({ record }) => ({ ...record, committed_at: tools.clock.now() * 1000 })))\n' +
      '  const byTable = await flushGroup(group, tools)\n',
  },
  {
    name: 'a large object whose claim is lost is read to its end',
    file: 'functions/commit/large-load.ts',
    from: '    this.#keeper.throwIfLost()\n',
    to: '',
    harmless: 'work in vain: a group that was fenced gets no seal',
  },
  {
    name: 'a large object that fails keeps its claim until the lease is over',
    file: 'functions/commit/large-load.ts',
    from: 'await abortGroup(this.#id, this.#writer, this.#tools)',
    to: 'await this.#writer.abandon()',
    harmless: 'the next delivery waits for the lease',
  },
  {
    name: 'another copy of an object fails with the one that is gone',
    file: 'functions/load.ts',
    from: 'if (other.generation === generation) return result',
    to: 'if (generation || other) return result',
  },
  {
    name: 'the end of a connection is not noticed',
    file: 'functions/clients/append-connection.ts',
    from: "    call.on('end', () => this.#lose(grpc.unavailable, 'the connection ended'))\n    call.on('close', () => this.#lose(grpc.unavailable, 'the connection was closed'))\n",
    to: '',
  },
  {
    name: 'everything is acknowledged',
    file: 'functions/index.ts',
    from: "if (answers[loaded.outcome.kind] === 'deliver again') throw",
    to: "if (answers[loaded.outcome.kind] === 'deliver again' && !event.id) throw",
  },
  {
    name: 'requests are sent again at the end of the stream',
    file: 'functions/append/standing-stream.ts',
    from: 'request.reply = this.#send(request.rows, request.offset)',
    to: 'request.reply = this.#send(request.rows, this.#next)',
  },
  {
    name: 'a request is forgotten while too much is unanswered',
    file: 'functions/append/standing-stream.ts',
    from: 'while (this.#inFlight > inFlightLimit) await this.#settleFirst()',
    to:
      'while (this.#inFlight > inFlightLimit) {\n      const forgotten = this.#unanswered.shift()\n' +
      '      this.#inFlight -= forgotten?.bytes ?? 0\n    }',
    harmless: 'the service takes nothing behind a gap: the group fails, and goes again',
  },
  {
    name: 'one stream that is committed counts for all of its table',
    file: 'functions/append/answers.ts',
    from: "if (codes.size === 1 && codes.has('STREAM_ALREADY_COMMITTED')) return 'done'",
    to: "if (codes.has('STREAM_ALREADY_COMMITTED')) return 'done'",
    harmless: 'the streams of a table are committed together, so all are or none',
  },
  {
    name: 'the copy of an object without an ETag is known by its generation',
    file: 'functions/finalize/notification.ts',
    from: 'return crc32c === undefined ?',
    to: "return crc32c !== '' ?",
  },
  {
    name: 'claims are not renewed',
    file: 'functions/commit/claim-keeper.ts',
    from: '      if (this.#ended) return\n      const failures',
    to: '      if (!this.#ended) return\n      const failures',
  },
  {
    name: 'a group that met its end goes on as if sealed',
    file: 'functions/commit/group.ts',
    from: 'if (!(await tools.ledger.seal(group))) {',
    to: 'if (!(await tools.ledger.seal(group)) && group.id === undefined) {',
  },
]
