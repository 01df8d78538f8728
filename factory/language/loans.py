"""Words and phrases of one language that are at home in another: lookalikes, loans, parts of names.

They are no evidence of a foreign language. Does not cover each language's own words (`words.py`).
"""

from __future__ import annotations

from typing import Final

_DUAL = {
    "en": """ada ai al ali als alt am attention ba bagi bare ben beta bon car care cas caso che chi cine co come
        comment con cum d'accord d'un das dedik del den der des dia dice die din dire divide dock dog dont door
        dos double dove due elk elle embargo encore era even fall falls fare faux fee fire formula gang ha hat
        helt hen ho idem im item j'ai jen kia kim kun l'on lad las last les lima log logo los loss ma mai mal male
        mama man mana mare mari mas masa matte max men mere met mi mint mis moment nada ni non note notre nova
        numeri nun ny origine pada page papa par para pendant plus post pour premier prima pro qua regular rest
        s'il sa sage sama sans sea sean sedan sen sera sida side sim sin sister sites sole solo son stelle sur ta
        tal tale tall tan til till tj tot total toto tout triple tutti una under une uno uns utan va vain valor
        van vet via vice vive voici voila volt vs want war wel ya yang proto setter todo deduce environ fout alias
        char site simple data mesa fiat versa ego ergo quasi tempo piano alto forte maestro amigo siesta fiesta
        loco gusto grande latte pronto ciao bravo basta voyage chef hotel menu""",
    "de": """al ali alles alls alt andre au ba bare ben bon car cas celle co cum d'un dar dato de delen dessous dez dog
        echter egal elke elle esse faire fare fire formula gang ha haar ja je jo kant kanten kia kim kunde l'on
        lad lima logo los ma mai mal male meer men minden mint minus modulo na ne nie niemand par pari pendant per
        plus premier prima pro problem qual quali quelle quer reste resultat s'il sa sage same samen sau sea sean
        side sim sitten solo summen tal teile tot total triple tu under uno ver verdi vers via volt vom wacht want
        wel werd worden""",
    "fr": """ai al ali alla allo alt ami ba ben case cent ci co come con dette dice dit divide division dog dois dos
        double dove due embargo equation es espere existe fall falls fi fire foi fout gang ha hier jo kant kim
        lima logo lui mai mal man mari mer mere met mi moment multiplier naze ni non note numero ny onde onze
        origine page parte perche pois pose prima prime pro problem resta rester sea sean sein seine sida side sim
        six solo solution su ta te tien ton total tre tres triple té uno uns usant va vain ver want ya""",
    "es": """ai ali alt am ama anda ano ante apenas aqui ba basta ben bon car casi chi cine co come concluir d'un da
        dan dar dato dia encontramos encontrar espere fire formula j'ai kim l'on lei lima logo lugar ma man mana
        mari mas mayor mes mesa multiplica multiplicar ni nombre nombres numero ny os par parte pelo precisa
        premier prima pro resta resto sa sant sao seja sera seria sida side sim sisi solucion sur ta talvez tema
        ti total tu té ultima ultimo uno va van vara ve verificar vi want""",
    "it": """albo ali alt ama ami anda ano ba bara bei ben bis bo bon c'est cada car ce ceci cela celle certo co
        comment conta conti d'un dado dar de deduce detta dia dice dimmi disse divide divise dog entra essa esse
        est este fall falls fi fica finalmente fire gang giá j'ai kant kim l'on lima logo là mal man mare mari
        media mere moment multiplica n'est ni note nove nun ny onde para parte pelo pero po precisa premier pro
        problema qual quel quelle s'il sa sai sale sant sea sean sera serie sete sette side siete sim sin sisi
        somme son stelle strana sí ta tal te tiene total tu tuo under va valor vera verdi want""",
    "pt": """ai al alt am ama ambos anda ano anta ba ben bon bueno calculo car cas cela chi cine claro co come correcta
        correcto dar dei del dessa dia disse divide doar doble dog doi donde embargo espera estas existe fall
        falls fire formula ha j'ai jamais kim l'on la las lei lima lo los man mana mari mes mi moment multiplica
        má más nem ni numero ny onze ora par parte premier prima pro problema queda queremos s'il sa sai sao sea
        sean segunda sera si sida side solo som sul suma ta tenta ti tj tomamos total tre tres tu ultima ultimo
        under vara vem vemos ver vi vier want ya""",
    "nl": """af ai ali alles alt am ba bare basta ben bo bon car cas cel chi co comment den denken der dier doch dog
        enfin fall falls fel fire forse gang gelden ha ho j'ai ja jo kim kun kunde l'on lassen lei les lig lik
        lima logo los lui ma macht mal male mam man men mes mint na noch nos ny omtrent oss pak pas per plus post
        premier première prima pro problem regel rest resultaat s'il sa sea sean side sim solo tal talen tan
        tienen total triple té uden under ver vers vet war werden""",
    "pl": """al ali alt am ano ba belki ben bon byl byla bylo car cel cele ci da dane dar dobro dog dom fall falls fire
        formula gang ha im je kant kim kwadrat l'on lato lima logo male mama man mana mari mi model moment mon
        nada nas nei ni nos numer ny pan plus premier pro problem rest rezultat sa sama same sea sean sen sera
        side sie sim solo tam tedy tj total tu want warte wie""",
    "cs": """al ali alt am ba ben bis bo car cas cele celkem dal dam dane dar dat data den dobro dog dolar esa eset
        fall falls fi fire formula gang ha ho jede jednak jej jo kia kim kontrol l'on logo mal male mam man mi
        moment ni nos nove ny oni plus premier prima problem sa sama same sea sean sedan sem sen ses si side sim
        skoro suma tahu tak tam ti total tu vara vem volna want""",
    "ro": """aduna ali am apa avere ba bagi bare ben bon c'est cada calcul cale car cas case celui cet chi ci cifre co
        conta cui d'un da dan dans dat deduce des divide dog du dus egala ei el ele est existe falls fel fire
        formula ha hai ici il j'ai jos kant kim l'on le lei logo lui ma mal man mana manca mare mari mere meu mi
        mir moment n'est nas ne ni noi num numeri om ora ou par pas plus pod premier prima pro problem problema
        rest s'il sa sai sant sea sean sera sete si sida side sim solo sua sus ta tale te tem ti total tre triple
        tu uit ultima una vad valori vara verdi vers vi voi vor want""",
    "hu": """ai al ali alt am apa ba ben bo bon c'est car cas comment dal dog dolog el en es este et fall falls fi fire
        formula hat ho hun há j'ai ja jo ki kia kim kis l'on le logo ma maga mai mal man mari mer mit n'est na ne
        ni nos nulla ny os premier pro problem ra rest sa sai sama sant se sea sean sem side sim sok soma summa sí
        ta tal tan te tej ti tj tutti vad ver verdi vers vet vi want war án""",
    "fi": """ai aki al ali alla alle alleen alt am ben car cas dog em esa essi et even fall fazer fi fire formula ha
        hai hen j'ai jaan kala kia kim kunde l'on lain lika lima logo ma mal male man mari meno moment ni noi
        numero ny ole olen plus pois pro rest s'il sa sai sama sea sean seis sen side sim soma sua sulla summan
        suo ta te ti tien tj tre vara vero want""",
    "sv": """ai al ali alle alt am andre anta ba basta ben bo bon car cirka dato del delar delen denne din dit dog er
        era falls falsk fi fire formula ha hat hem hen ingenting intet ja jo juste kant kanten kim l'on lik maka
        mal male man mari mes moment nog ny nå når ont os par plus premier problem rest reste resten riktig sa se
        sea sean sen ses side sim sin siste son stel summa sur ta tak tall tiga total ty va ved vers vinden want""",
    "da": """al ali alt am ba bare basta ben bitte bo bon car celle cet co da dans dato del delen din dit ecco efter
        eftersom even fall falls fare ha hade hen ho hva ingenting ja jo kant kanten kia kim kontrol kunde l'on
        lade lassen lima logo ma mal male man mer mit moment mon ni nyt nå omtrent onde op par pas plus premier
        pro problem rest resten sa sagen sans se sea sean sen ses sete siden sim sin sind solo somme sur ta tak
        tale talen tall te ti triple ultimo vers vinden vor want""",
    "no": """ai al ali alt am ba ben bo bon car celle cirka co da dato dei del delen din dit doble ei eli ett etter
        even fall fallet falls falsk falskt fare ha hat hen ho intet j'ai ja jo kant kanten kim kun kunde l'on lad
        lade lei les logo låt mai mal male man mari meget mere mi moment mon nei ni nytt onde par premier pro
        problem rest resten s'il sa sagen sans sau se sea sean sen ses sete sida siden sim sin stelle sunt sur ta
        tak tal tale talen ti ved vers vill vinden vårt want""",
    "tr": """ada al ali alt am anda ba bara basta bez bon car cas caz chi d'un dal dan dans dar den der deve din dog
        dolar dua el ele eli elle eller et falls fare fire formula ha hacer han hasta hat hay hem ho ici il kala
        kan kant kapan kare l'on lakin lig lik lima logo ma mal man mana mari mert moment nas ni nun nur ona para
        premier problem rest s'il sa sana sans sea sean sera ses sete si side sim sin sisi solo soma su sus ta
        tali tan te ti un ver verdi want""",
    "id": """ai aki al ali alt am ba ben bis bo bon bu car cas chi chia comment d'un da dog doi dolar era es esa even
        fall falls fals fi fire formula gang ha hai han hen ho inget j'ai jam jawab jo kadar kala kalian kan ki
        kia kim kontrol l'on la lade lei lo logo ma mal male man mas masa men mi moment musi nada ni non nun nur
        ny pak para pas plus po premier prima pro problem ra rest sa sai sea sean sedan sejam sen si sia side sim
        sin sista solo su ta tai tak tal tali tan tanda taraf ti tien tj total triple tu unas under uno ver want
        ya yani zaman""",
    "vi": """al ali alt am ao ben bo bon car chi co con da di dog doi du em fall falls fire gang già ha hay hen ho há
        im j'ai ki kim két l'on la lo logo lui ma mai man men mi má ni noi não premier sa sea sean sen side sim
        son su tai tan ti tien tre tu ty té tím va vi voi want""",
}
DUAL: Final = {language: frozenset(words.split()) for language, words in _DUAL.items()}
"""Language -> words of other languages' lists that are usual in it too, as words, loans or names: no evidence there.
Candidates were the words shared with the frequency lists of Speer's wordfreq (CC BY-SA 4.0, see `frequencies.py`);
which of them stand here was decided by hand, and no figure or order of these lists is kept."""

_LOANS = """
    modus ponens | modus tollens | ding an sich | reductio ad absurdum | quod erat demonstrandum | et al | et cetera |
    et seq | ad infinitum | ad hoc | ad nauseam | a priori | a posteriori | mutatis mutandis | ceteris
    paribus | sine qua non | in vitro | in vivo | in situ | de facto | de jure | per se | vis-à-vis |
    vis à vis | déjà vu | raison d'être | c'est la vie | je ne sais quoi | coup de grâce | coup d'état |
    en passant | en route | en masse | en bloc | à la carte | à la | au pair | hors d'oeuvre | hors
    d'œuvre | laissez faire | laissez-faire | cul-de-sac | pas de deux | tour de force | faux pas |
    femme fatale | fait accompli | bona fide | status quo | pro rata | pro bono | terra incognita |
    persona non grata | si vous plaît | s'il vous plaît | que será, será | mano a mano | hasta la vista
    | hasta mañana | no más | dolce far niente | dolce vita | al dente | cosa nostra | auf wiedersehen |
    sturm und drang | wunderkind | über | das kapital | et voilà | et voila | voilà | voila | let's go |
    if and only if | divide and conquer | without loss of generality | such that | for all | there
    exists | trial and error | first in first out | last in first out | end to end | step by step |
    state of the art | one to one | point to point | last but not least | up to date | out of the box |
    pay as you go | too big to fail | work in progress | on the fly | proof of concept | state of mind |
    return on investment | all inclusive | learning by doing | open to all | on demand | made in | ready
    to use | plug and play | copy and paste | drag and drop | check in | check out | on the road | up
    and running | face to face | business to business | no name | top of the line | do it yourself | big
    is beautiful | the beatles | what if | if else | if then | not a number | all you need
"""
LOANS: Final = tuple(" ".join(phrase.split()) for phrase in _LOANS.split("|"))
"""Phrases that are at home in other languages, lower case."""


def loan_share(line: str) -> float:
    """The share of a line's words, in lower case with blanks between, that the longest phrase at home takes."""
    most = max((loan.count(" ") + 1 for loan in LOANS if loan in line and f" {loan} " in f" {line} "), default=0)
    return most / (line.count(" ") + 1)


_PARTICLES = """de la le les du des del della delle dei di da do dos das der den dem die el los las al van von zu zum
    zur ten ter af av og y e"""
PARTICLES: Final = frozenset(_PARTICLES.split())
"""Words that belong to names where a capital follows."""

_TECHNICAL = """pip install sudo apt npm git print printf import def return int str len struct sizeof char const src lib
    json utf ascii sin cos tan log exp mod gcd lcm max min arr idx num tmp ptr args kwargs env conda init bool float
    stdin stdout stderr std vec impl func fn var std usr bin etc img css html http https www api url sql"""
TECHNICAL: Final = frozenset(_TECHNICAL.split())
"""Words of programs and formulas: a stretch with one of them is no prose of any language."""
