// Minifies files with terser. Standard input: a list of { code, is_module, ascii_only }; standard output: their code.
const { text } = require('node:stream/consumers');
const { minify } = require('terser');

// Two things that make the compressed file larger are off: `!0` for `true`, and methods in the place of arrows.
const compress = { passes: 3, booleans: false, arrows: false };

text(process.stdin).then(async (input) => {
  const all = [];
  for (const { code, is_module, ascii_only } of JSON.parse(input)) {
    const options = { ecma: 2020, module: is_module, compress, format: { ascii_only } };
    all.push((await minify(code, options)).code);
  }
  process.stdout.write(JSON.stringify(all));
});
