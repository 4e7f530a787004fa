import type { Enveloped } from '../json/enveloped-lines.ts'
import { readIsoTime } from '../text/timestamps.ts'
import { enveloped } from './enveloped.ts'

/** Longer than the time, the stream and the tags. */
const longestHead = 128

/** `2026-11-20T10:15:00.123456789Z stdout F `, with more tags behind colons. */
const head = /^(\S{20,40}) (stdout|stderr) ([FP])(?::[^\s]{0,32})?(?: |$)/

/**
 * Lines of container logs as containerd and CRI-O write them on a node of Kubernetes:
 * https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md [2026-11]
 * A line over 16 KiB is in several, of which only the last has the tag F.
 */
export const cri = enveloped({
  name: 'cri',
  about:
    'container logs of Kubernetes nodes, as containerd and CRI-O write them; JSON messages as `json-lines`',
  line: 'of a container runtime: a time, stdout or stderr, F or P, and the message',
  // /var/log/pods/<namespace>_<pod>_<uid>/<container>/0.log, /var/log/containers/<pod>_<namespace>_<container>-<id>.log
  app: {
    key: /(?:^|\/)[^/_]+_[^/_]+_[0-9a-f-]{32,36}\/([^/]+)\/|(?:^|\/)[^/_]+_[^/_]+_([^/]+)-[0-9a-f]{64}\.log/,
  },
  read: readLine,
})

function readLine(line: Buffer): Enveloped | undefined {
  const match = head.exec(line.toString('latin1', 0, longestHead))
  if (!match) return undefined
  const [{ length }, time = '', stream = '', tag] = match
  if (readIsoTime(line, 0, time.length) === undefined) return undefined
  return { time, stream, partial: tag === 'P', message: line.toString('utf8', length) }
}
