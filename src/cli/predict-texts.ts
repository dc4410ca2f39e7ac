import type { Classification } from '../inference/inference.js';
import { asInterruption } from '../base/interruption.js';
import { openModel } from '../training/open-model.js';
import type { CommandContext } from './context.js';
import { textsToPredict, type TextSource } from './predict-input.js';

/**
 * Classifies texts and writes a line for each, as soon as it can: before a later text is waited for, so that another program may
 * write a text, read its answer and only then write the next.
 *
 * @param path a run directory or a .onnx file
 */
export async function predictTexts(
  path: string,
  source: TextSource & { readonly threads?: number | undefined },
  context: CommandContext,
): Promise<void> {
  const groups = textsToPredict(source, context);
  const lineOf = context.json ? jsonLine : tsvLine;
  const model = await openModel(path, source.threads);
  try {
    for await (const texts of groups) {
      const results = await model.classify(texts, context.signal);
      const lines = results.map((result, place) => lineOf(texts[place] ?? '', result));
      if (!(await context.write(lines.join('')))) return;
    }
  } catch (error) {
    throw asInterruption(error, context.signal);
  } finally {
    await model.dispose();
  }
}

function jsonLine(text: string, result: Classification): string {
  return `${JSON.stringify({ text, ...result })}\n`;
}

function tsvLine(text: string, { label, probability }: Classification): string {
  return `${label}\t${probability.toFixed(6)}\t${escaped(text)}\n`;
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  return text.replaceAll(/[\\\t\n\r]/g, (character) => names[character] ?? character);
}
