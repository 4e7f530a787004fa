import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const ignored = (name: string) => name === 'node_modules' || name === 'cdktf.out' || name.startsWith('.')
const pages = globSync('**/*.md', { cwd: root, exclude: ignored }).map((page) => join(root, page))

/** The text without code, in which brackets are no links. */
function prose(page: string): string {
  const text = readFileSync(page, 'utf8')
  return text
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/^ {4}\S.*$/gm, '')
    .replaceAll(/(`+).+?\1/g, '')
}

/** As GitHub names the headings of a page: https://docs.github.com/en/get-started/writing-on-github */
function anchors(page: string): string[] {
  const text = readFileSync(page, 'utf8').replaceAll(/^```.*?^```/gms, '')
  const titles = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title)
  return titles.map((title) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** What is wrong with a link of a page; undefined when it leads somewhere. */
function fault(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(target)) return `there is no ${relative(root, target)}`
  if (anchor === undefined) return undefined
  if (statSync(target).isDirectory() || !target.endsWith('.md')) return 'only pages have anchors'
  return anchors(target).includes(anchor) ? undefined : `there is no heading #${anchor}`
}

test.each(pages.map((page) => [relative(root, page), page]))(
  'every link within the project in %s leads somewhere',
  (_, page) => {
    const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const faults = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => [link, fault(page, link)])
      .filter(([, wrong]) => wrong)
    expect(faults).toEqual([])
  },
)
