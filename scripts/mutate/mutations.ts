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
    file: 'functions/commit/group-writer.ts',
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
    file: 'functions/commit/group-writer.ts',
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
    name: 'a schema mismatch is told from responses only',
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
    file: 'functions/load.ts',
    from: '  if (standing) return standing\n',
    to: '',
  },
  {
    name: 'the ledger is not asked before an object is set aside',
    file: 'functions/load.ts',
    from: 'return (unfit && (await meetStanding(hash, tools))) ?? result',
    to: 'return result',
    harmless:
      'it is asked before the object is read: only an object loaded by another copy meanwhile is recorded twice',
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
    from: 'const failures = await publish(taken.group, tools)\n    return failures.has(hash)',
    to: 'const failures = new Map<string, unknown>()\n    return failures.has(hash)',
  },
  {
    name: 'no group is ever done',
    file: 'functions/commit/ledger.ts',
    from: "if (done && readDone(done.body).members.includes(hash)) return { kind: 'loaded' }",
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
    from: 'if (done && readDone(done.body).members.includes(hash))',
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
]
