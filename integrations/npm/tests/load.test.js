// load() and the copy step, in Node.js with the least of a document.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { beforeEach } from 'node:test';

const here = new URL('..', import.meta.url);
let load;
let page;

beforeEach(async () => {
  page = {
    baseURI: 'https://shop.example/thank-you',
    scripts: [],
    createElement: () => ({ remove() { page.scripts.splice(page.scripts.indexOf(this), 1); } }),
    head: { append: (tag) => page.scripts.push(tag) },
  };
  globalThis.document = page;
  // A module of its own for each test: it remembers what it loaded.
  ({ load } = await import(`../index.js?${Math.random()}`));
});

test('the tag is appended once, however often it is asked for', async () => {
  const all = [load({ src: '/afterword/afterword.js', nonce: 'n' }), load({ src: 'https://shop.example/afterword/afterword.js' })];
  assert.equal(page.scripts.length, 1);
  const [tag] = page.scripts;
  assert.deepEqual([tag.src, tag.async, tag.nonce], ['https://shop.example/afterword/afterword.js', true, 'n']);
  tag.onload();
  await Promise.all(all);
});

test('a tag that the page has is not appended again', async () => {
  page.scripts.push({ src: 'https://feedback.shop.example/afterword.js' });
  await load({ src: 'https://feedback.shop.example/afterword.js' });
  assert.equal(page.scripts.length, 1);
});

test('a file that cannot be had rejects, and the next call tries again', async () => {
  const first = load({ src: '/a.js' });
  page.scripts[0].onerror();
  await assert.rejects(first, /https:\/\/shop\.example\/a\.js could not be loaded/);
  assert.equal(page.scripts.length, 0);
  const second = load({ src: '/a.js' });
  page.scripts[0].onload();
  await second;
});

test('without an address it says what is missing', () => assert.rejects(load(), /needs the address/));

test('on a server nothing is done', async () => {
  delete globalThis.document;
  await load({ src: '/a.js' });
});

test('every export has a file, or a folder that packing fills', () => {
  const { exports, files, bin } = JSON.parse(readFileSync(new URL('package.json', here)));
  const named = Object.values(exports).flatMap((it) => typeof it == 'string' ? [it] : Object.values(it));
  for (const file of [...named, ...Object.values(bin)].filter((it) => !it.includes('dist/'))) {
    assert.ok(existsSync(new URL(file, here)), file);
    assert.ok(file == './package.json' || files.includes(file.slice(2)), `${file} is not packed`);
  }
});

test('the copy step copies, and says how it is called', () => {
  const folder = mkdtempSync(join(tmpdir(), 'afterword-'));
  try {
    cpSync(new URL('copy.js', here), join(folder, 'copy.js'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    mkdirSync(join(folder, 'dist/w-1'), { recursive: true });
    writeFileSync(join(folder, 'dist/afterword.js'), '1');
    writeFileSync(join(folder, 'dist/w-1/a.js'), '2');
    const run = (...words) => spawnSync(process.execPath, ['copy.js', ...words], { cwd: folder });
    assert.equal(run('copy', 'public/afterword').status, 0);
    assert.deepEqual(readdirSync(join(folder, 'public/afterword')), ['afterword.js', 'w-1']);
    assert.equal(readFileSync(join(folder, 'public/afterword/w-1/a.js'), 'utf8'), '2');
    const wrong = run();
    assert.equal(wrong.status, 2);
    assert.match(`${wrong.stderr}`, /usage: afterword-survey copy FOLDER/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
