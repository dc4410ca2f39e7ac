import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { czechPhonetic } from '../../../../src/text/tokenizers/czech-phonetic.js';
import { czechSounds, slovakSounds } from '../../../../src/text/tokenizers/czech/sounds.js';
import { anyUnits, forAll, wordRows } from '../../support.js';

/**
 * Words and how they are read, a rule a group. Sources:
 *
 * - Příručka: Internetová jazyková příručka of the Czech Language Institute, chapter Výslovnost.
 * - Palková: Z. Palková, Fonetika a fonologie češtiny, 1994.
 * - Hála: B. Hála and others, Výslovnost spisovné češtiny I (1955) and II (loan words, 1978).
 * - Phonology: the article Czech phonology of the English Wikipedia.
 */
const pronunciation: Record<string, string> = {
  // Phonology (orthography): y, ý, ů, w, q, x have no sound of their own.
  'letters with the same sound': `
    byl bil  bil bil  sýr sír  síra síra  dům dúm  úl úl  watt vat  kiwi kivi  quido kvido  text tekst  taxi taksi`,
  // Příručka and Phonology: ě is je after labials, softens d, t, n, and is ňe after m.
  ě: `
    oběd objet  pěna pjena  věda vjeda  harfě harfje  děda ďeda  tělo ťelo  něco ňeco  město mňesto  mě mňe  mně mňe
    země zemňe  hvězda hvjezda  vjezd vjest  objem objem`,
  // Příručka: d, t, n are soft before i and í, hard before y and ý.
  'd, t, n before i and y': `
    divadlo ďivadlo  dílo ďílo  dým dím  ticho ťiχo  tíha ťíha  ty ti  týl tíl  nic ňic  nyní niňí  rodina roďina
    hodiny hoďini  stíny sťíni`,
  // Palková: ch, dz and dž are one consonant each.
  'letters that are one sound': `
    chata χata  hrách hráχ  duchovní duχovňí  džbán ʤbán  džem ʤem  podzim poʣim  brynza brinza`,
  // Příručka, Palková: paired consonants lose their voice at the end.
  'end of the word': `
    dub dup  led let  teď teť  katalog katalok  sníh sňíχ  lev lef  lez les  lež leš  hrad hrat  roh roχ  bridž brič
    zájezd zájest  hvozd hvost  nůž núš  muž muš  chléb χlép  kov kof  zub zup`,
  // Palková: the last obstruent of a cluster decides, here towards voiceless.
  'voiceless before voiceless': `
    tužka tuška  loďka loťka  lehký leχkí  nehty neχti  obchod opχot  hezky heski  podkova potkova  zpívat spívat
    sladký slatkí  rybka ripka  zkouška skȣška  vlhký vlχkí  polévka poléfka  hloubka hlȣpka  zpráva správa  správa správa
    odpad otpat  roztok rostok`,
  // Palková: the same towards voiced; c and č become dz and dž.
  'voiced before voiced': `
    kde gde  kdo gdo  kdyby gdibi  prosba prozba  svatba svadba  kresba krezba  léčba léʤba  leckdo leʣgdo  fotbal fodbal
    sbírka zbírka  sdělit zďelit  ženitba žeňidba  modlitba modlidba  afgánec avgánec  dechberoucí deɣberȣcí`,
  // Phonology (voicing assimilation), Palková: v loses its voice but gives none.
  v: `
    tvůj tvúj  svůj svúj  květ kvjet  bitva bitva  včera fčera  všechno fšeχno  vstup fstup  vchod fχot  vdova vdova
    vztah fstaχ  vzpomínka fspomíŋka  předvčírem pɼetfčírem  kvůli kvúli  šev šef  vzduch vzduχ  dvakrát dvakrát`,
  // Phonology, Palková: ř is voiceless before and behind voiceless consonants and at the end, and gives no voice.
  ř: `
    řeka řeka  dříve dříve  ořech ořeχ  tři tɼi  při pɼi  křik kɼik  středa stɼeda  chřipka χɼipka  keř keɼ  pepř pepɼ
    lékařka lékaɼka  třpyt tɼpit  hřbitov hřbitof  pařba pařba  tvář tváɼ`,
  // Příručka: sh is read sch in Bohemia, but zh in shora, shůry, shluk.
  sh: `
    shoda sχoda  shořet sχořet  shánět sχáňet  shromáždění sχromážďeňí  nashledanou nasχledanȣ  shora zhora  shůry zhúri
    shluk zhluk  schod sχot`,
  // Palková: n is velar before k and g; m is labiodental before f and v.
  nasals: `
    banka baŋka  tango taŋgo  maminka mamiŋka  venku veŋku  kongres koŋgres  tramvaj traɱvaj  nymfa niɱfa
    symfonie siɱfonije  pan pan  lampa lampa`,
  // Příručka (zdvojené souhlásky): in common speech one, also where they became the same by voice.
  'the same consonant twice': `
    anna ana  denní deňí  rodinný roďiní  vyšší viší  nižší ňiší  měkký mňekí  oddech odeχ  oddělit oďelit
    nejjasnější nejasňejší  rozsah rosaχ  poddaný podaní  francouzský francȣskí  babiččin babičin  bezstarostný bestarostní
    leccos lecos  odtít oťít  panna pana`,
  // Příručka: au, eu, ou are diphthongs, except across the seam of a prefix and in -eum.
  diphthongs: `
    auto ɑto  restaurace restɑrace  louka lȣka  pouze pȣze  mouka mȣka  doufat dȣfat  euro ɘro  neutron nɘtron
    pneumatika pnɘmatika  poupě pȣpje  jdou jdȣ  nauka nauka  naučit naučit  poučit poučit  použít použít  nepoužil nepoužil
    poukaz poukas  doučit doučit  zaujmout zaujmȣt  neumět neumňet  nejneuvěřitelnější nejneuvjeřitelňejší  muzeum muzeum
    samouk samouk  přeučit pɼeučit`,
  // Příručka (přejatá slova), Hála II: j comes between i and a vowel, but at no seam.
  'i before a vowel': `
    fiala fijala  rádio rádijo  itálie itálije  anglii aŋgliji  biologie bijologije  studium studijum  melodie melodije
    přiučit pɼiučit  vyučit viučit  diamant dijamant`,
  // Příručka (výslovnost x), Hála II: ex- before a vowel is egz-, elsewhere x is ks.
  x: `
    sexy seksi  extra ekstra  expert ekspert  lexikon leksikon  alexandr aleksandr  fax faks  existence egzistence
    exekuce egzekuce  exil egzil  exotika egzotika  exaktní egzaktňí  neexistuje neegzistuje  koexistence koegzistence`,
  // Hála II, Příručka: d, t, n stay hard in loan words.
  'loan words': `
    politika politika  kritik kritik  technika teχnika  diktát diktát  titul titul  tip tip  aktivní aktivňí
    komunikace komunikace  organizace organizace  romantický romantickí  statistika statistika  minimální minimálňí
    motiv motif  festival festival  pozitivní pozitivňí  disk disk  antika antika  definitivně definitivňe  tenis tenis
    digitální digitálňí  tradiční tradičňí  univerzita univerzita  animace animace  thajsko tajsko  ghetto geto`,
  // The same sources, for what shorter patterns miss; -ívny is Slovak for -ivní.
  'more loan words': `
    aktívny aktívni  pozitívne pozitívne  motív motíf  relatívne relatívne  detektívka detektífka  intímny intímni
    tradície tradícije  investície investícije  inštitúcia inštitúcija  divergence divergence  titánů titánú
    stupidita stupidita  kanibal kanibal  propagandista propagandista  kryptonit kriptonit  ninja ninʤa
    kultivovaný kultivovaní  neurotický nɘrotickí  neurotik nɘrotik  fotogenický fotogenickí  iniciativa inicijativa
    vertikální vertikálňí  klimatizace klimatizace  klimatizační klimatizačňí  radikální radikálňí
    radikalismus radikalizmus  modernista modernista  diskutovat diskutovat  prodiskutovat prodiskutovat
    dispozice dispozice  predispozice predispozice  petice petice  destinace destinace  hygienický higijenickí
    scénický scénickí  tunika tunika  gratis gratis  tiktok tiktok  keratin keratin  harddisk hardisk  biznis biznis
    kardinál kardinál  manifest manifest  destilát destilát  fetiš fetiš  odinstalovat odinstalovat  nicolas nicolas`,
  // The same sources: native words that look like them are soft.
  'native words beside loan words': `
    vtip fťip  kotník kotňík  protivný proťivní  protistrana proťistrana  hledisko hleďisko  rolnický rolňickí  díky ďíki
    uniknout uňiknȣt  šestikorun šesťikorun  zničit zňičit  divný ďivní  stranický straňickí  šlechtický šleχťickí
    šlechtična šleχťična  prachatický praχaťickí  četnický četňickí  majetnický majetňickí  strakonický strakoňickí
    žvanil žvaňil  slatina slaťina  kulatiny kulaťini  chraptivý χrapťiví  ctibor cťibor  divizna ďivizna
    brebentit brebenťit  tipec ťipec  dvanáctibodový dvanácťibodoví  třicetistupňový tɼiceťistupňoví  čtyřicetistupňový čtiřiceťistupňoví
    devadesátistránkový devadesáťistráŋkoví  navštívit nafšťívit  záštitu zášťitu  vinici viňici  honit hoňit
    platívat plaťívat  mladistvý mlaďiství  snist sňist`,
  // The loan words that stand beside them, which are still hard.
  'loan words beside native words': `
    multietnický multijetnickí  etnický etnickí  telefonický telefonickí  vanilka vanilka  latina latina  želatina želatina
    adaptivní adaptivňí  kompatibilní kompatibilňí  tibet tibet  artista artista  divize divize  divizní divizňí
    entita entita  tipy tipi  taktický taktickí  praktičnost praktičnost`,
  // Příručka (hiát): no j at the seam of a compound, and t before it is soft.
  'numerals and proti- before a vowel': `
    protiútok proťiútok  protiakce proťiakce  protiústavní proťiústavňí  pětiúhelník pjeťiúhelňík  šestiúhelník šesťiúhelňík
    osmiúhelník osmiúhelňík  dvanáctiúhelník dvanácťiúhelňík  třiadvacet tɼiadvacet  čtyřiatřicet čtiřiatɼicet
    protijed proťijet  pětina pjeťina`,
  // Příručka (dublety): spelled with s, read with z; English words with their Czech spelling.
  'two spellings of one word': `
    kurs kurs  kurz kurs  kursy kurzi  diskuse diskuze  diskuze diskuze  organismus organizmus  organizmus organizmus
    president prezident  filosofie filozofije  gymnasium gimnázijum  gymnázium gimnázijum  museum muzeum  renesance renezance
    charisma χarizma  milion milijón  milión milijón  balon balón  jazz ʤes  design dizajn  team tím  show šȣ  fresh freš`,
  // Kráľ, Pravidlá slovenskej výslovnosti, for ä, ľ, ô, ĺ; softness before ie as written by Slovak orthography.
  Slovak: `
    mäso meso  päť peť  môj môj  ľud ľut  stĺp stĺp  nie ňije  dievča ďijefča  vidieť viďijeť  čítanie čítaňije
    kôň kôň  vŕba vŕba`,
};

const groups = Object.entries(pronunciation).map(([rule, words]) => [rule, wordRows(words)] as const);

const apply = (token: string) => czechPhonetic.apply(token);

const czechLetters = 'aábcčdďeéěfghiíjklmnňoópqrřsštťuúůvwxyýzž';
const czechWord = fc.string({
  unit: fc.constantFrom(...Array.from(czechLetters)),
  minLength: 1,
  maxLength: 14,
});

/** Consonants with those that differ in voice. */
const voicePairs = new Map(
  Array.from('bpdtďťgkvfzsžšʣcʤčhχřɼ', (sound, place) => [sound, place % 2 === 0] as const),
);

describe.each(groups)('%s', (_, words) => {
  test.each(words)('%s is read %s', (written, read) => {
    expect(apply(written)).toBe(read);
  });
});

test('every word above is written and read', () => {
  const words = groups.flatMap(([, group]) => group);
  expect(words.length).toBeGreaterThan(250);
  for (const word of words) expect(word.join(' ')).toMatch(/^\S+ \S+$/u);
});

describe('spellings that become one', () => {
  test.each(
    wordRows(`
      mně mě  být bít  mýt mít  včera fčera  zpráva správa  led let  vjezd věst  vůl vúl
      universita univerzita  kresba krezba  ofsajd ofsajt  lehce lechce  ráno ránno  banka bannka`),
  )('%s and %s', (one, other) => {
    expect(apply(one)).toBe(apply(other));
  });

  test.each(
    wordRows(`
      byt být  ruze růže  dýky diky  pil bil  řada rada  hody chody  vina vína  lanko lamko  sát sad`),
  )('but not %s and %s', (one, other) => {
    expect(apply(one)).not.toBe(apply(other));
  });
});

describe('what is no word', () => {
  test.each([
    ...[':-)', ':D', 'xD', 'XDDD', 'xd', 'xx', '^^', '<3', 'o_O', ':-*', '😀', '❤️'],
    ...['http://www.Seznam.cz/di?x=1', 'www.zbozi.cz', 'Jan@firma.cz', '@honza', '#Praha'],
    ...['2', '1,234.50', '12:30', '3x', 'h2o', 'covid-19', "it's", 'česko-slovenský', '...', '!'],
    ...['', ' ', 'v z'],
    ...['\ud800', 'ab\udc00', 'हिन्दी', 'x\u0301\u0302'],
  ])('stays: %j', (token) => {
    expect(apply(token)).toBe(token);
  });

  test('stays whatever it holds beside letters', async () => {
    const token = fc.tuple(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('0', '-', '_', '.', '\u200d', '😀', '\0'),
      czechWord,
    );
    await forAll([token]).check((parts) => {
      expect(apply(parts.join(''))).toBe(parts.join(''));
    });
  });
});

describe('words that no syllable can be made of', () => {
  test.each('kg mm ww vf pc bbc hd hdd tv dph btw pdf dvd twd w q ch hmm pst xl lcd k ž 𠀀d'.split(' '))(
    'are spelled out, not read: %s',
    (word) => {
      expect(apply(word)).toBe(word);
      expect(apply(word.toUpperCase())).toBe(word);
    },
  );

  test.each(
    wordRows(`
      krv krf  vlk vlk  zmrzl zmrzl  skrz skrs  slz sls  brrr br  stĺp stĺp  sŕdc sŕtc`),
  )('others have r or l for a vowel: %s', (written, read) => {
    expect(apply(written)).toBe(read);
  });
});

describe('other words', () => {
  test('prepositions of one letter keep it', () => {
    for (const preposition of ['v', 'z', 'k', 's']) expect(apply(preposition)).toBe(preposition);
    expect(apply('V')).toBe('v');
  });

  test.each(wordRows(`łódź łódź  köln köln  señor señor  москва москва  漢字 漢字  𠀀ad 𠀀at`))(
    'letters of other languages stay: %s',
    (written, read) => {
      expect(apply(written)).toBe(read);
    },
  );

  test('are the same in capitals and taken apart', async () => {
    await forAll([czechWord]).check((word) => {
      expect(apply(word.normalize('NFD'))).toBe(apply(word));
      fc.pre(!/^x+[dp]*$/u.test(word));
      expect(apply(word.toUpperCase())).toBe(apply(word));
    });
  });
});

describe('of any Czech letters', () => {
  const word = czechWord.filter((letters) => /[aáeéěiíoóuúůyý]/u.test(letters));

  test('are sounds of the table only, at least one and at most two a letter', async () => {
    await forAll([word]).check((letters) => {
      const sounds = Array.from(apply(letters));
      for (const sound of sounds) expect(czechSounds + slovakSounds).toContain(sound);
      expect(sounds.length).toBeGreaterThan(0);
      expect(sounds.length).toBeLessThanOrEqual(2 * letters.length);
    });
  });

  test('agree in voice, are voiceless at the end, and come once', async () => {
    await forAll([word], { numRuns: 1000 }).check((letters) => {
      const sounds = Array.from(apply(letters));
      expect(voicePairs.get(sounds.at(-1) ?? '')).not.toBe(true);
      sounds.slice(1).forEach((sound, place) => {
        const voiced = voicePairs.get(sound);
        const before = voicePairs.get(sounds[place] ?? '');
        if (before !== undefined && voiced !== undefined && !'vř'.includes(sound))
          expect(before).toBe(voiced);
        if (before === false) expect(sound).not.toBe('ř');
        if (!'aáeéiíoóuúɑɘȣ'.includes(sound)) expect(sounds[place]).not.toBe(sound);
      });
    });
  });

  test('are read a second time as the first, but for sounds side by side that are one as letters', async () => {
    await forAll([word], { numRuns: 1000 }).check((letters) => {
      const once = apply(letters);
      fc.pre(!/[dtn][ií]|i[aáeéiíoóuúɑɘȣ]|[gpt]h|d[zž]|[aeo]u/u.test(once));
      expect(apply(once)).toBe(once);
    });
  });
});

describe('any text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    anyUnits(),
    anyUnits(0x24f),
  );

  test('gives the same twice, never nothing, and no lone half of a character', async () => {
    await forAll([anyText], { numRuns: 2000 }).check((text) => {
      const read = apply(text);
      expect(apply(text)).toBe(read);
      expect(read === '').toBe(text === '');
      expect(read.isWellFormed()).toBe(text.isWellFormed());
      expect(read.length).toBeLessThanOrEqual(3 * text.length);
    });
  });

  test('takes time in proportion to its length', () => {
    const started = performance.now();
    for (const unit of ['a', 'ř', 'di', 'ismu', 'politik', 'ne', 'x', 'v', 'あ'])
      apply(`ab${unit.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
