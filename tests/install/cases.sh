# What tests/install/run does in each of its folders; $WORK holds the packages, $ROOT is the checkout. The last line is a classified text.
packed="$WORK/with-binary.tgz"

classify() {
  "$@" advnative predict model.onnx 'Mary went to the kitchen. Where is Mary?'
}

train_and_classify() {
  "$@" advnative train --limit 60 --size small --epochs 1 --quiet --out trained
  "$@" advnative predict trained 'Mary went to the kitchen. Where is Mary?'
}

# Both module systems, both entry points, and no warning.
load_both() {
  echo "const { train } = require('advnative'); const { load } = require('advnative/inference');
    load('model.onnx').then((model) => model.classify(['Where is Mary?'])).then(([{ label }]) => console.log(typeof train, label));" >user.cjs
  echo "import { train } from 'advnative'; import { load } from 'advnative/inference';
    const [{ label }] = await (await load('model.onnx')).classify(['Where is Mary?']); console.log(typeof train, label);" >user.mjs
  for program in user.cjs user.mjs; do
    "$@" "./$program" 2>warnings
    [ ! -s warnings ] || { cat warnings; return 1; }
  done
}

npm_installs() {
  node --version
  npm install "$packed" onnxruntime-node
  load_both node
  train_and_classify npx
}

inference_alone() {
  npm install "$WORK/advnative.tgz" onnxruntime-node --ignore-scripts
  [ ! -e node_modules/advnative/build ]
  load_both node
  classify npx
}

rebuilds_linked() {
  cp -r "$WORK/unpacked" ../linked
  (cd ../linked && npm install --omit=dev --omit=peer)
  npm install ../linked onnxruntime-node
  [ -L node_modules/advnative ]
  npm rebuild advnative
  train_and_classify npx
}

rebuilds_vendored() {
  cp -r "$WORK/unpacked" vendored
  npm install ./vendored onnxruntime-node --install-links
  npm rebuild advnative
  train_and_classify npx
}

pnpm_installs() {
  npm install --prefix ../tools --silent "pnpm@$1"
  export PATH="$PWD/../tools/node_modules/.bin:$PATH"
  pnpm --version
  # Nothing is built until it is allowed, which the error must say; nothing fails for it otherwise.
  pnpm add "$WORK/advnative.tgz" onnxruntime-node || true
  pnpm exec advnative train --limit 60 >refused 2>&1 && return 1
  grep 'pnpm approve-builds' refused
  rm -rf node_modules pnpm-lock.yaml
  # A file is allowed by its path, a published package by its name.
  printf 'onlyBuiltDependencies:\n  - advnative\nallowBuilds:\n  advnative: true\n  advnative@file:../../with-binary.tgz: true\n  onnxruntime-node: false\n' >pnpm-workspace.yaml
  echo '{ "name": "user", "private": true }' >package.json
  pnpm add "$packed" onnxruntime-node
  load_both node
  train_and_classify pnpm exec
}

yarn_classic_installs() {
  npm install --prefix ../tools --silent yarn@1
  export PATH="$PWD/../tools/node_modules/.bin:$PATH"
  yarn --version
  yarn add "$packed" onnxruntime-node
  load_both node
  train_and_classify yarn --silent
}

yarn_berry_installs() {
  npm install --prefix ../tools --silent @yarnpkg/cli-dist@4
  yarn() { node "$PWD/../tools/node_modules/@yarnpkg/cli-dist/bin/yarn.js" "$@"; }
  touch yarn.lock
  printf 'nodeLinker: node-modules\nenableTelemetry: false\nenableScripts: true\n' >.yarnrc.yml
  yarn --version
  yarn add "advnative@file:$packed" onnxruntime-node
  load_both node
  train_and_classify yarn run -T
}

# The one that compiles the addon, twice: when it is installed, and when it is built anew.
compiles() {
  npm install "$WORK/advnative.tgz" onnxruntime-node
  [ -e node_modules/advnative/build/Release/advnative.node ]
  npm rebuild advnative
  train_and_classify npx
}
