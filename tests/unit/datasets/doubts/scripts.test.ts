import { describe, expect, it } from 'vitest';
import { ownDataDefaults } from '../../../../src/datasets/defaults.js';
import { clauseDoubts, levelFor } from '../../../../src/datasets/doubts/scripts.js';
import { tokenizerOf } from '../../../../src/text/tokenizers/pipeline.js';

const sampleOf = (...texts: readonly string[]) =>
  texts.map((text, row) => ({ id: `train:${row + 1}`, text, label: 'pos' }));

const words = tokenizerOf(ownDataDefaults.word.tokenizer);

const level = (...texts: readonly string[]) => levelFor(sampleOf(...texts), ownDataDefaults).level;

const clauses: readonly (readonly [script: string, text: string])[] = [
  ['Han', '这部电影的味道总的来说失望17次，这家餐厅也一样'],
  ['Han', '质量不错，很喜欢'],
  ['Han', '北京大学'],
  ['Han', '王伟'],
  ['Han', '我买的 iPhone 15 Pro Max 的电池很好用'],
  ['Hiragana', 'この映画はとても面白かったです。もう一度見たいと思います'],
  ['Katakana', 'スマートフォンアプリケーション'],
  ['Thai', 'อาหารร้านนี้อร่อยมากและพนักงานบริการดี'],
  ['Lao', 'ອາຫານຮ້ານນີ້ແຊບຫຼາຍແລະພະນັກງານບໍລິການດີ'],
  ['Khmer', 'អាហារនៅទីនេះឆ្ងាញ់ណាស់ហើយបុគ្គលិកក៏ល្អដែរ'],
  ['Myanmar', 'ဒီစားသောက်ဆိုင်ကအစားအစာအရမ်းကောင်းတယ်'],
];

const spaced: readonly (readonly [what: string, text: string])[] = [
  ['English', 'the film was so lovely and the music is great'],
  ['an English text with some Chinese', 'the title of the film is 霸王别姬 and it was wonderful to watch'],
  ['Korean', '이 영화는 정말 재미있었고 배우들의 연기도 훌륭했습니다'],
  ['Hindi', 'यह फिल्म बहुत अच्छी थी और संगीत भी सुंदर था'],
  ['Arabic', 'كان هذا الفيلم جميلا جدا والموسيقى رائعة'],
  ['Russian', 'фильм был очень хорошим и музыка прекрасная'],
  ['Vietnamese', 'bộ phim này rất hay và âm nhạc tuyệt vời'],
  ['Chinese whose words have spaces between them', '这 部 电影 的 味道 总的来说 失望 ， 这 家 餐厅 也 一样'],
  ['Thai whose words have spaces between them', 'อาหาร ร้าน นี้ อร่อย มาก และ พนักงาน บริการ ดี'],
  ['Khmer with spaces of no width', 'អាហារ\u200bនៅ\u200bទីនេះ\u200bឆ្ងាញ់\u200bណាស់'],
  ['Tibetan, whose syllables words part', 'བོད་ཀྱི་སྐད་ཡིག་ནི་ཤིན་ཏུ་གལ་ཆེན་པོ་རེད།'],
  ['emoji', '👍👍🏽👩‍👩‍👧 🎉'],
  ['Chinese punctuation', '！？。，「」'],
];

describe('levelFor', () => {
  it.each(clauses)('reads characters of %s: %s', (script, text) => {
    expect(levelFor(sampleOf(text), ownDataDefaults)).toEqual({
      level: 'char',
      unspaced: expect.arrayContaining([script]) as string[],
    });
  });

  it.each(spaced)('reads words of %s', (_, text) => {
    expect(levelFor(sampleOf(text), ownDataDefaults)).toEqual({ level: 'word' });
  });

  it('goes by half of the texts', () => {
    const [chinese, english] = ['这部电影的味道总的来说失望', 'the film was lovely'];
    expect(level(chinese, english)).toBe('char');
    expect(level(chinese, english, english)).toBe('word');
    expect(level()).toBe('word');
  });

  it('names the scripts that matter, the most frequent first', () => {
    const { unspaced } = levelFor(sampleOf('この映画はとても面白かったですね', '这'), ownDataDefaults);
    expect(unspaced).toEqual(['Hiragana', 'Han']);
  });
});

describe('clauseDoubts', () => {
  const chinese = clauses.slice(0, 3).map(([, text]) => text);

  it('warns of words, with what reads such texts', () => {
    const [doubt, ...more] = clauseDoubts(sampleOf(...chinese, 'the film'), words);
    expect(more).toEqual([]);
    expect(doubt).toMatchObject({ code: 'SCRIPT_WITHOUT_SPACES', splits: ['train'], count: 3, share: 0.75 });
    expect(doubt?.message).toMatch(
      /^75 % of the texts .* \(Han\), and the tokenizer \(nfc@1, lowercase@1, words@1\).*--level char/,
    );
    expect(doubt?.examples.map(({ id }) => id)).toEqual(['train:1', 'train:2', 'train:3']);
  });

  it.each(['characters', 'graphemes'])('says nothing of %s', (split) => {
    const texts = clauses.map(([, text]) => text);
    expect(clauseDoubts(sampleOf(...texts), tokenizerOf(['nfc', split]))).toEqual([]);
  });

  it('goes by what the tokenizer makes of a text', () => {
    const [tibetan, chineseWords] = [spaced.at(-3), spaced.at(-6)].map((one) => one?.[1] ?? '');
    const [whitespace, twokenize] = [['whitespace'], ['twokenize']].map((steps) => tokenizerOf(steps));
    if (!whitespace || !twokenize || !tibetan || !chineseWords) throw new Error('no example');
    expect(clauseDoubts(sampleOf(tibetan), words)).toEqual([]);
    expect(clauseDoubts(sampleOf(tibetan), whitespace)).toHaveLength(1);
    expect(clauseDoubts(sampleOf(chineseWords), whitespace)).toEqual([]);
    expect(clauseDoubts(sampleOf(chinese[0] ?? ''), twokenize)).toHaveLength(1);
  });

  it('begins at a tenth of the texts', () => {
    const english = Array.from({ length: 10 }, (_, row) => `text number ${row}`);
    expect(clauseDoubts(sampleOf(chinese[0] ?? '', ...english), words)).toEqual([]);
    expect(clauseDoubts(sampleOf(chinese[0] ?? '', ...english.slice(1)), words)).toHaveLength(1);
    expect(clauseDoubts([], words)).toEqual([]);
  });
});
