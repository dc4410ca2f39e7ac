/**
 * Words that are not read by their letters, named by letters that show them: ^ is the start of a word, also behind ne- and
 * nej-, $ is its end, and what has neither mark counts anywhere. An entry has three letters at least; the longest wins.
 *
 * No rule tells a loan word. The lists hold the productive endings of the international vocabulary and what is frequent in
 * posts and reviews, each with so many letters that native words escape it.
 */

/** Loan words whose d, t and n stay hard before i: politika is read polityka, unlike tikat. */
export const hard = list(`
  atik tetik netik metik getik retik oetik letik petik hetik ketik ^etik eutik astik istik ystik ustik nostik ptik autik
  ktik ntik ytik ritik litik otik vertik domestik gestik tick tičt tičn tist tism tizm tizov tizuj tizac tizač tizá
  tib tif tig ting
  ativ ktiv ptiv itiv rutiv kutiv motiv festiv gestiv entiv kultiv atív ktív ptív itív ntív motív
  ntin optim ultim intim intím legitim centim timent sortim titul titan titán stitu inštit reštit konštit stinkt artik ticit
  entit antit apetit ^anti ^multi ^tip stipend stimul latin rutin palestin destinac abstin keratin tinktur pervitin
  textil ventil lentil infantil projektil destil tiktok gratis fetiš
  satir tiráž ^tiran tizant politic kritic mystic justic alistic romantic analytic ematic aktic investic estíci
  ^petic ^kompetic particip anticip prestiž vatikán graffiti spaghetti

  techni mechani elektroni organi botani klini harmoni ironi chroni ^kronik symfoni kanoni panik panick
  onick ^etnick ietnick oetnick cynik cynic cyniz cynis sonic munik piknik titanik titanic dominik dominic monik veronik
  geni ygieni scéni ektonik ^tunik ^tunis ^nikol ^nicol ^nichol ^nick ^nikl ^nikoti ^niro ^nirv
  unikát unikatn unikum univer ^unif ^unis ^unit ^unic ^mini ^admini ministr ernist ornist enist unist inist onist anist ánist
  nism nizm nizac nizač nizá anizov onizov rnizov anizuj onizuj rnizuj tenis penis denis ^finiš ^inici ^zenit
  definit definic infinit afinit humanit komunit imunit sanit granit ptonit genitál monitor munic
  ^anim reanim ^vanil vanilk manik manip manif kanib ^lenin hannibal uniform schizofreni senil ning trénink mítink marketink
  ^bikini ^martini

  dig dif ding dism dizm dizov dizuj dizac dizač ^dis diskut dispoz dispon distrib ^indi individ indik oindic ^edi ^dino ^dip
  ^dikc ^dikob ^dicap dikt dinár ndist rdist udist ádist edist
  metodik metodic metodist medik medic medit melodic parodic periodic zodic nordic sporadic predik judik radika radiká syndik
  pedik ^dedik ^hendik ^handic didakt kandid absurdit stupidit solidit validit humidit adidas
  tradic tradič tradíci kondic kondič kondíci expedi ^erudi kardinál
  kredit audit bandit sadist dimenz sediment ordin sardink diviz diverz divergen dividend krokodil
  ^dilem ^dilet ^díler ^direk ^dirig dizajn dizert rddisk ^odinst
`);

/** Letters between or behind which a word has a seam, so that they are no diphthong and no j comes between them. */
export const apart = list(`
  ^na|uč ^na|uk ^na|uš ^za|u ^po|uč ^po|už ^po|ukaz ^po|ukáz ^po|uličn ^po|usm ^po|uvaž ^po|upr ^do|uč ^do|už
  ^ne|u ^zne|u ^pře|u ^pra|uč ^sebe|u samo|uk samo|uč ^při|
  e|um$ ce|u$ de|u$ le|u$ ze|u$
  ^proti| ^tři| ^třiceti| ^čtyři| ^čtyřiceti| ^pěti| ^šesti| ^sedmi| ^osmi| ^devíti| ^deseti| ^desíti| nácti| vaceti| iceti|
  desáti|
`);

/** Words that look like an exception and are none. */
export const regular = list(`
  ^neutral ^neutrál ^neutron ^neutrin ^neurolog ^neuron ^neurot ^neuróz ^neurochir ^neurověd ^neuralg ^neurast
  honick zákonick strakoni ^nikoli ^pism ^tipec$ šlechti prachati slatin kulatin ^divizna ^divizny ^diviznu ^diviznou
  chrapti žvanil brebenti hřmoti ctib platíva
`);

/** Words that are read as if they were spelled in another way, which some of them can be, with that other spelling. */
export const respelled = table(`
  ^exa=egza ^exá=egzá ^exe=egze ^exé=egzé ^exi=egzi ^exí=egzí ^exo=egzo ^exó=egzó ^exu=egzu koexist=koegzist

  ismu=izmu ismů=izmů ismy=izmy ismem=izmem ismech=izmech charism=charizm
  ^neuroti=neurot|i ^ninj=n|indž ^biznis=byznys
  ^diskuse=d|iskuze ^diskusi=d|iskuzi ^diskusí=d|iskuzí ^diskusn=d|iskuzn
  ^filosof=filozof ^gymnasi=gymnázi ^universi=un|iverzi ^universu=un|iverzu ^museu=muzeu ^musej=muzej ^president=prezident
  ^presenta=prezenta ^kurs=kurz ^puls=pulz renesan=renezan analys=analýz konserv=konzerv konsult=konzult sensac=senzac
  ^censur=cenzur ^reserv=rezerv ^resort=rezort ^desert=dezert ^disert=d|izert positiv=pozitiv posic=pozic
  ^fysi=fyzi ^musik=muzik

  milion=milión ^balon=balón ^salon=salón citron=citrón vagon=vagón benzin=benzín vitamin=vitamín archiv=archív
  design=d|izajn ^jazz=džez ^team=tým ^manager=manažer ^leader=lídr ^weekend=víkend ^interview=intervjú ^business=byznys
  ^dealer=d|íler ^fair$=fér ^mail=mejl ^show=šou shop=šop ^shit=šit ash$=aš esh$=eš ish$=iš osh$=oš ush$=uš
  ^hyen=hijen ^hyac=hijac

  ^shora=zhora ^shůr=zhůr ^shluk=zhluk

  ^nie=ňie ^niel=niel ^nietz=nietz ^tie=ťie ^tieb=tieb ^dieť=ďieť ^diev=ďiev ^diel=ďiel ^diera=ďiera ^diaľ=ďiaľ
  dieť$=ďieť tieť$=ťieť enie$=eňie enia$=eňia eniu$=eňiu anie$=aňie ania$=aňia aniu$=aňiu utie$=uťie utia$=uťia utiu$=uťiu
  kompani=kompani litani=litani
`);

/** Entries between white space. */
function list(entries: string): readonly string[] {
  return entries.trim().split(/\s+/u);
}

/** Entries of the form written=spoken. */
function table(entries: string): readonly (readonly [written: string, spoken: string])[] {
  return list(entries).map((entry) => {
    const [written = '', spoken = ''] = entry.split('=');
    return [written, spoken];
  });
}
