// Minifies files with terser. Standard input: a list of { code, is_module, ascii_only }; standard output: their code.
const { text } = require('node:stream/consumers');
const { minify } = require('terser');

// What makes the compressed files larger is off: methods in the place of arrows, and functions with arguments written out
// where they are called. What is unsafe in general is safe here: no function of ours is a constructor.
const compress = { passes: 3, arrows: false, inline: 1, hoist_funs: true, unsafe: true, unsafe_arrows: true };

text(process.stdin).then(async (input) => {
  const all = [];
  for (const { code, is_module, ascii_only } of JSON.parse(input)) {
    const options = { ecma: 2020, module: is_module, compress, format: { ascii_only } };
    all.push((await minify(code, options)).code);
  }
  process.stdout.write(JSON.stringify(all));
});
