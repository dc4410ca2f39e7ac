// Module hooks for tfjs_step.js. tfjs-core keeps the gradients of its ops in ES modules that no bundle for Node holds, in
// files that Node refuses for two reasons: their imports name no extension, and no package.json calls them modules. The
// other way to them is the package @tensorflow/tfjs, which brings 140 MB more.

const isCore = (url) => url?.includes('/@tensorflow/tfjs-core/dist/') === true;

/** Adds the extension that an import within tfjs-core leaves out. */
export async function resolve(specifier, context, next) {
  const bare = isCore(context.parentURL) && specifier.startsWith('.') && !specifier.endsWith('.js');
  return await next(bare ? `${specifier}.js` : specifier, context);
}

/** Calls tfjs-core's files modules, but for its bundle, which is none. */
export async function load(url, context, next) {
  const module = isCore(url) && !url.endsWith('.node.js');
  return await next(url, module ? { ...context, format: 'module' } : context);
}
