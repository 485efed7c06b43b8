// Pages in a headless browser: reports, stories, briefs. Accessibility by axe-core, and what only a layout can tell: phone and
// desk, light and dark, and paper.
//
//     node check.mjs PAGE.html...
//
// Nothing is downloaded: the browser is the system's (CHROMIUM, or /usr/bin/chromium).

import { readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const WIDTHS = [390, 1440]
const SCHEMES = ['light', 'dark']
// A4 and Letter between the margins of the style sheet, at 96 dots per inch.
const PAPERS = { A4: 665, Letter: 687 }
// Smaller text than this is not read on a phone.
const SMALLEST = 9

/** What is wrong with the layout of the page as it stands, each as a kind and where. Runs in the page. */
function layout({ smallest }) {
  const found = []
  const note = (kind, what) => found.push([kind, what])
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll('body *')].find(one => {
      const inside = one.parentElement.closest('.scroll')
      return !inside && one.getBoundingClientRect().right > root.clientWidth + 0.5
    })
    note('overflow', `the page is ${root.scrollWidth} wide in ${root.clientWidth}: ${wide?.outerHTML.slice(0, 90)}`)
  }
  const ids = new Set()
  for (const { id } of document.querySelectorAll('[id]')) {
    if (ids.has(id)) note('id', `${id} stands twice`)
    ids.add(id)
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (!ids.has(link.getAttribute('href').slice(1))) note('link', `${link.getAttribute('href')} leads nowhere`)
  }
  for (const one of document.querySelectorAll('body *')) {
    // A table may be wider than a phone, and is moved by itself; whatever else is must not be.
    const moves = one.scrollWidth > one.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)
    if (moves && !one.querySelector('table') && one.tagName !== 'PRE') note('sideways', `${one.className}: ${one.textContent.trim().slice(0, 60)}`)
  }
  const shown = [...document.querySelectorAll('svg')].filter(one => one.getClientRects().length > 0)
  for (const figure of document.querySelectorAll('figure')) {
    const drawn = shown.filter(one => figure.contains(one)).length
    if (drawn !== 1) note('drawings', `${drawn} of a figure are shown: ${figure.textContent.trim().slice(0, 60)}`)
  }
  for (const one of shown) {
    const name = one.querySelector('title')?.textContent ?? 'no title'
    const described = (one.getAttribute('aria-labelledby') ?? '').split(' ').map(id => document.getElementById(id)?.textContent)
    if (one.getAttribute('role') !== 'img' || described.length < 2 || described.some(text => !text)) {
      note('unnamed', `${name}: no role, title or description`)
    }
    const edge = one.getBoundingClientRect()
    const texts = [...one.querySelectorAll('text')].map(text => ({
      text: text.textContent, box: text.getBoundingClientRect(), size: parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a
    }))
    for (const { text, box, size } of texts) {
      if (box.left < edge.left - 0.5 || box.right > edge.right + 0.5 || box.top < edge.top - 0.5 || box.bottom > edge.bottom + 0.5) {
        note('cut', `${name}: "${text}" is cut`)
      }
      if (size < smallest) note('small', `${name}: "${text}" is ${size.toFixed(1)} px high`)
    }
    // A box has the room of accents and descenders above and below the letters.
    const inner = ({ box }) => ({
      left: box.left + 0.5, right: box.right - 0.5, top: box.top + 0.22 * box.height, bottom: box.bottom - 0.2 * box.height
    })
    texts.forEach((a, at) => {
      const p = inner(a)
      for (const b of texts.slice(at + 1)) {
        const q = inner(b)
        if (p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom) {
          note('overlap', `${name}: "${a.text}" and "${b.text}" overlap`)
        }
      }
    })
  }
  return found
}

/** What would be lost on paper, at a page of this width. Runs in the page. */
function paper() {
  const found = []
  const right = document.documentElement.clientWidth
  for (const one of document.querySelectorAll('table, svg, pre, p, dl')) {
    const box = one.getBoundingClientRect()
    if (box.width > 0 && box.right > right + 1) found.push(['paper', `${one.tagName} is ${Math.round(box.right - right)} px wider than paper: ${one.textContent.trim().slice(0, 60)}`])
  }
  for (const link of document.querySelectorAll('a[href^="http"]')) {
    if (!getComputedStyle(link, '::after').content.includes('http')) found.push(['paper', `${link.href} does not stand on paper`])
  }
  for (const one of document.querySelectorAll('details:not([open])')) found.push(['paper', `hidden: ${one.textContent.slice(0, 60)}`])
  return found
}

/** All that is wrong with a page, by view: a list of names and of problems. */
async function examine(browser, file) {
  const views = []
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()
  const stray = []
  await page.route('**/*', route => {
    const url = route.request().url()
    if (url === pathToFileURL(file).href || url.startsWith('data:')) return route.continue()
    stray.push(['network', `asks for ${url}`])
    return route.abort()
  })
  page.on('pageerror', error => stray.push(['script', String(error)]))
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme, media: 'screen' })
      await page.setViewportSize({ width, height: 900 })
      await page.goto(pathToFileURL(file).href)
      await page.evaluate(() => document.fonts.ready)
      const problems = await page.evaluate(layout, { smallest: SMALLEST })
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
      for (const { id, impact, help, nodes } of violations) {
        if (['serious', 'critical'].includes(impact)) problems.push([id, `${help}: ${nodes.length} × ${nodes[0].html.slice(0, 120)}`])
      }
      views.push([`${width} px, ${scheme}`, problems])
    }
  }
  for (const [name, width] of Object.entries(PAPERS)) {
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
    await page.setViewportSize({ width, height: 900 })
    const problems = await page.evaluate(paper)
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    if (ground !== 'rgb(255, 255, 255)') problems.push(['paper', `the ground is ${ground}`])
    const pdf = await page.pdf({ format: name, preferCSSPageSize: true })
    if (pdf.length < 10000) problems.push(['paper', 'nothing is printed'])
    views.push([name, problems])
  }
  views.push(['network', stray])
  await context.close()
  return views
}

const reports = process.argv.slice(2).map(one => resolve(one))
if (reports.length === 0) {
  console.error('usage: node check.mjs PAGE.html...')
  process.exit(2)
}
let passed = 0
let failed = 0
const check = (name, problems) => {
  if (problems.length === 0) {
    passed += 1
    return
  }
  failed += 1
  console.log(`FAILED ${name}`)
  for (const [kind, what] of problems.slice(0, 12)) console.log(`  ${kind}: ${what}`)
  if (problems.length > 12) console.log(`  and ${problems.length - 12} more`)
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars']
})
try {
  // First whether faults are seen at all: a page that has one of each.
  const seen = new Set((await examine(browser, join(here, 'faulty.html'))).flatMap(([, problems]) => problems.map(([kind]) => kind)))
  for (const kind of ['overflow', 'id', 'link', 'unnamed', 'cut', 'small', 'overlap', 'sideways', 'drawings', 'paper', 'network', 'color-contrast', 'image-alt']) {
    check(`a fault of the kind ${kind} is seen`, seen.has(kind) ? [] : [[kind, 'not seen in faulty.html']])
  }
  for (const report of reports) {
    const name = `${basename(dirname(report))}/${basename(report)}`
    for (const [view, problems] of await examine(browser, report)) check(`${name}, ${view}`, problems)
  }
} finally {
  await browser.close()
}
console.log(`${passed} passed; ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
