"""Function words and reasoning words of the languages that write Latin.

Chosen by hand: the words that hold sentences together (articles, pronouns, prepositions, auxiliaries, connectives)
and those that mathematical reasoning can't do without. Does not cover how they are used (`filters/language_mix.py`).
"""

from __future__ import annotations

import re
from typing import Final

from factory.language.markers import MARKERS
from factory.language.scripts import RANGES

_WORDS = {
    "en": """the of and to a in is that it for on are as with was this be by or from at an not have has had which we
        you they he she his her their its our my your i me us them but if then so because since therefore thus
        hence however there here when where what who how why all any some each every no more most other than these
        those can could will would should may might must do does did been being were let get got now wait check
        also only into out up about over first second next after before between both same just like gives means
        know need find equal equals answer number numbers sum value case problem solution step such again still
        very too yes okay actually maybe through without per while until another one two three four five six seven
        eight nine ten that's it's i'm let's don't doesn't can't isn't we're you're there's what's i'll we'll won't
        didn't aren't""",
    "de": """der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine ist sind war waren
        wird werden wurde wurden hat haben hatte sein kann können muss müssen soll sollte ich du er sie es wir ihr
        uns mich mir sich man mit von zu zum zur im in an am auf aus bei nach für über unter durch um vor zwischen
        ohne bis als wie wenn dass weil da damit also dann daher deshalb somit folglich jedoch denn doch noch nur
        auch schon sehr mehr so hier jetzt nun alle beide jede jeder jedes diese dieser dieses diesem was wer
        warum welche welcher gilt folgt ergibt berechnen prüfen überprüfen zuerst zunächst anschließend gleichung
        zahl zahlen summe ergebnis antwort lösung bedeutet erhalten betrachten genau heißt einfach schließlich
        gegeben gesucht aufgabe seite insgesamt bleibt bleiben brauchen setzen teilen ziehen rechnen wieder
        vielleicht eigentlich moment vier fünf sechs sieben acht neun zehn hundert dreieck bitte etwas nichts
        immer daraus dabei dafür dazu davon darf denken schauen überprüft stimmt richtig falsch lassen lässt sagen
        sieht sehen machen macht gibt geben finden wert fall stelle okay warte nochmal erneut zwei drei ihre ihrer
        seine seiner deren dessen einsetzen multiplizieren addieren rest größer kleiner gleich jeweils bereits
        dadurch wodurch obwohl sobald falls sonst ebenfalls ungefähr etwa fertig höhe beträgt""",
    "fr": """le la les un une des du de et ou mais ne pas plus est sont était étaient a ont avait être avoir il elle
        ils elles on nous vous je tu se ce cette ces cet qui que quoi dont où dans sur sous avec sans pour par en
        au aux entre vers chez comme si car donc alors ainsi puis ensuite enfin aussi très bien tout tous toute
        toutes même deux trois quatre cinq peut peuvent doit faut fait faire soit sinon parce puisque lorsque
        quand comment pourquoi combien chaque autre autres notre nos votre leur leurs mon ma mes son sa ses
        obtient obtenons calculons vérifions somme nombre nombres résultat réponse équation égal égale signifie
        cela ceci voici voilà maintenant d'abord c'est n'est qu'il qu'on d'un d'une l'équation j'ai s'il s'agit
        prenons posons reste ajoute divise multiplie problème calcul toujours encore jamais seulement attendez
        voyons regardons prouver montrer déduire déduit remplaçant remplace valeur valeurs dernier dernière
        premier première depuis début après avant ici là cas trop peu moins environ celui celle ceux celles
        également lequel laquelle conséquent suffit vrai faux juste attention bon d'accord d'où cherchons trouve
        trouvons trouver avons sommes sera serait aurait veut dire bref or selon malgré afin tandis pendant dès
        rien quelque quelques plusieurs dessus dessous quel quelle quels quelles l'on""",
    "es": """el la los las un una unos unas de del y o pero no es son era fue ser estar está están ha han había hay que
        qué como cómo si sí se su sus nos lo le les me te mi en con sin por para entre sobre hasta desde hacia a
        al más menos muy también tan así entonces pues porque aunque cuando donde cual cuál cada otro otra otros
        este esta esto estos estas ese esa eso aquí ahora ya todo todos toda todas dos tres cuatro cinco puede
        pueden debe debemos podemos tenemos tiene tienen obtenemos sea sean luego primero finalmente después suma
        número números resultado respuesta ecuación igual significa calculemos verifiquemos veamos vamos hacer
        solución valor necesitamos sabemos dado dice decir ejemplo espera queda divide sumamos restamos además
        mismo nada algo quizás tal vez nunca siempre solo cuántos cuántas cuánto cuánta cuanto hemos vemos ver
        falta queremos tomamos probamos probar comprobar comprobamos calcular calculo sustituyendo despejamos
        despejar deducimos existe ninguna ninguno caso casos último última primera segundo segunda ambos
        lado lados pregunta problema cálculo correcto correcta verdad falso bien mal mejor peor según mientras
        aquel aquella cuyo quien quién alguien embargo quiere conclusión mitad doble triple bueno claro nueve ocho
        siete seis diez tampoco allí""",
    "it": """il lo la i gli le un uno una di del della dei delle dello degli e o ma non è sono era erano essere ha
        hanno aveva avere che chi cui come se si ci ne mi ti vi in con su per tra fra da dal dalla al alla allo ai
        alle nel nella nei nelle sul sulla più meno molto anche così allora quindi dunque perciò perché poiché
        quando dove quale quali ogni altro altra altri questo questa questi queste quello quella qui ora già tutto
        tutti tutte due tre quattro cinque può possono deve dobbiamo possiamo abbiamo otteniamo sia siano poi
        prima infine dopo somma numero numeri risultato risposta equazione uguale significa calcoliamo
        verifichiamo vediamo fare soluzione valore sappiamo dato cioè pertanto invece ancora sempre mai solo
        aspetta rimane resta stesso nulla forse quanti adesso ecco controlliamo controllare moltiplichiamo
        moltiplicare dividiamo togliamo sommiamo troviamo trovare conseguenza sostituendo formula valori ultimo
        ultima caso casi lato lati vero falso giusto sbagliato bene male meglio oppure anzi mentre secondo
        qualcosa niente nessuno nessuna tale tali suo sua loro noi voi lui lei essi ho hai siamo sarà sarebbe vuol
        dire basta manca bisogna facciamo consideriamo concludere conclusione calcolo ragione risulta""",
    "pt": """o a os as um uma uns umas de do da dos das e ou mas não é são era foi ser estar está estão tem têm há que
        qual como se sim seu sua seus suas nos lhe me te em no na nas com sem por para pelo pela entre sobre até
        desde ao aos à às mais menos muito também tão assim então pois porque porém embora quando onde cada outro
        outra outros este esta isto esse essa isso aqui agora já todo todos toda todas dois duas três quatro cinco
        pode podem deve devemos podemos temos obtemos seja sejam logo primeiro finalmente depois soma número
        números resultado resposta equação igual significa calcular verificar vamos fazer solução valor precisamos
        sabemos dado portanto ainda sempre nunca apenas espere resta fica mesmo nada talvez quantos quantas ele
        ela eles nós você conferir calculamos substituindo falta último última caso casos lado lados verdade falso
        certo errado bem mal melhor pior enquanto segundo algo nenhum nenhuma tal nosso nossa quer dizer basta
        consideremos concluir conclusão cálculo razão conta multiplicamos dividimos somamos encontramos encontrar
        precisa deu oito nove seis sete dez metade dobro meu minha vez lugar ali quem""",
    "nl": """de het een en of maar niet geen is zijn was waren wordt worden werd heeft hebben had kan kunnen moet
        moeten zal zou ik je jij hij zij ze we wij jullie ons onze mijn hun haar met van te tot in op aan bij naar
        voor over onder door om uit tussen zonder als dan dat die dit deze want omdat dus daarom echter toch nog
        ook al zeer meer zo hier nu alle beide elk elke ieder wat wie waarom welke geldt volgt krijgen berekenen
        controleren eerst vervolgens daarna ten tenslotte vergelijking getal getallen som uitkomst antwoord
        oplossing betekent twee drie vier vijf zes zeven acht negen tien laten laat even eens er daar waar wanneer
        hoe hoeveel samen totaal blijft blijven delen misschien eigenlijk wacht iets niets altijd alleen wil
        zeggen wel goed fout juist moment gelijk waarde waarden laatste geval gevallen kant kanten vinden vullen
        rekenen uitrekenen vermenigvuldigen optellen bewijs klopt nogmaals zoals terwijl volgens iemand niemand
        hem hen mij jou hiermee daarmee waarmee daaruit hieruit hierbij gevonden gegeven stel conclusie vraag
        opnieuw groter kleiner bijna ongeveer helemaal""",
    "pl": """i w na z ze do od po za przez przy nad pod dla bez o u a ale lub albo oraz nie tak jest są był była było
        być ma mają mamy może można trzeba należy musi musimy się ten ta to te tego tej tym tych jego jej ich nasz
        my ja ty on ona oni co kto który która które jak gdy jeśli jeżeli ponieważ bo więc zatem dlatego jednak
        także też tylko już jeszcze bardzo każdy każda każde wszystkie inny teraz tutaj gdzie kiedy dlaczego ile
        dwa trzy cztery pięć czyli otrzymujemy obliczmy sprawdźmy suma liczba liczby liczb wynik odpowiedź
        równanie równa równe oznacza najpierw następnie potem wreszcie rozwiązanie wartość zadanie wiemy mając
        zostaje czekaj nigdy zawsze że znaczy aby żeby skoro tyle wobec podstawiamy podstawić mnożymy dzielimy
        dodajemy odejmujemy zauważmy widzimy widać stąd wynika ostatni przypadek strona strony równość prawda
        fałsz dobrze źle coś nic nasza nasze jako którzy jesteśmy mam masz będzie będą został została razem około
        więcej mniej pytanie rozważmy przypuśćmy drugi pierwsza druga""",
    "cs": """a i v ve na z ze do od po za přes při nad pod pro bez o u s se k ke ale nebo ne ano je jsou byl byla bylo
        být má mají máme může můžeme musí musíme ten ta to ty toho té tím těch jeho její jejich náš já on ona co
        kdo který která které jak když jestliže pokud protože neboť tedy proto takže však také jen už ještě velmi
        každý každá každé všechny jiný nyní teď zde tady kde kdy proč kolik dva tři čtyři pět tj dostaneme
        spočítáme ověříme součet číslo čísla čísel výsledek odpověď rovnice rovná znamená nejprve potom pak
        nakonec řešení hodnota úloha víme zbývá počkej možná nikdy vždy že aby jako tudíž platí dosadíme dosadit
        násobíme dělíme přičteme odečteme vidíme odtud plyne poslední případ strana strany rovnost pravda správně
        špatně něco nic naše jsme budeme bude ověřit dohromady více méně otázka předpokládejme""",
    "ro": """și sau dar nu este sunt era fost fi are au avem poate putem trebuie se să că ce care cine cum dacă când
        unde de la în cu din pe prin pentru fără între până după un o unei unui ale al ai cel cea cei cele acest
        această acestea aceste mai foarte tot toate toți fiecare alt altă deci așadar atunci deoarece însă astfel
        acum aici doi două trei patru cinci obținem calculăm verificăm suma număr numărul numere rezultat răspuns
        răspunsul ecuație ecuația egal înseamnă întâi apoi soluție valoare știm rămâne niciodată mereu urmare
        înlocuim împărțim înmulțim adunăm scădem vedem rezultă ultimul cazul caz parte părți adevărat fals corect
        greșit ceva nimic nostru noastră suntem vom va încă doar mult puțin întrebare presupunem rămas așa
        jumătate""",
    "hu": """a az egy és vagy de nem is van vannak volt voltak lesz lehet kell hogy ha mert mivel tehát ezért azonban
        akkor most itt ott ami aki amely mint csak már még nagyon minden más ez ezt azt ezek azok két három négy
        öt kapjuk számítsuk ellenőrizzük összeg szám számok számot eredmény válasz egyenlet egyenlő jelenti
        először majd végül megoldás érték feladat tudjuk marad talán soha mindig nekünk vagyis azaz legyen
        következik behelyettesítjük szorozzuk osztjuk kivonjuk hozzáadjuk látjuk utolsó eset esetet oldal igaz
        hamis helyes valami semmi mi vagyunk volna több kevesebb kérdés tegyük fel ebből ezzel ennek annak fele
        hiszen ugyanis""",
    "fi": """ja tai mutta ei en on ovat oli olivat olla voi voimme täytyy pitää että jos koska siis siksi kuitenkin
        niin nyt tässä missä milloin kun kuin joka mikä mitä se ne tämä tuo nämä hän he me minä sinä vain jo vielä
        hyvin kaikki jokainen toinen yksi kaksi kolme neljä viisi saamme lasketaan tarkistetaan summa luku luvut
        lukujen tulos vastaus yhtälö yhtä tarkoittaa ensin sitten lopuksi ratkaisu arvo tehtävä tiedämme jää ehkä
        aina joten eli olkoon seuraa tästä siitä sijoitetaan kerrotaan jaetaan lisätään vähennetään näemme
        viimeinen tapaus puoli totta väärin oikein jotain mitään meidän olemme olisi enemmän vähemmän kysymys
        oletetaan myös sekä jolloin saadaan täten näin""",
    "sv": """och eller men inte är var vara har hade kan kunde måste ska skulle jag du han hon vi ni de dem oss den det
        en ett att som på av till från med för utan under över mellan genom om när där här hur varför vad vem
        vilken vilka så därför alltså eftersom dock också bara redan ännu mycket mer alla varje andra nu två tre
        fyra fem får beräknar kontrollera summan tal talet talen resultat svaret svar ekvationen ekvation lika
        betyder först sedan slutligen lösning lösningen värde uppgiften vet återstår kanske alltid aldrig blir
        vill säga säger sätter in multiplicerar dividerar adderar subtraherar ser sista fallet fall sida sidor
        sant falskt rätt fel något inget vår vårt kommer mindre fråga antag därmed följer detta dessa denna nytt
        helt ungefär låt gång""",
    "da": """og eller men ikke er var være har havde kan kunne skal skulle jeg du han hun vi de dem os den det en et at
        som på af til fra med for uden under over mellem gennem om når der her hvor hvordan hvorfor hvad hvem
        hvilken så derfor altså fordi dog også kun allerede endnu meget mere alle hver andre nu to tre fire fem
        får beregner summen tal tallet tallene resultat svaret svar ligningen ligning lig betyder først derefter
        løsning løsningen værdi opgaven ved måske altid aldrig bliver vil sige siger sætter ganger dividerer ser
        sidste tilfælde side sandt falsk rigtigt forkert noget intet vores kommer mindre spørgsmål antag dermed
        følger dette disse denne ny helt cirka lad gang""",
    "no": """og eller men ikke er var være har hadde kan kunne skal skulle jeg du han hun vi de dem oss den det en et
        at som på av til fra med for uten under over mellom gjennom om når der her hvor hvordan hvorfor hva hvem
        hvilken så derfor altså fordi dog også bare allerede ennå mye mer alle hver andre nå to tre fire fem får
        beregner summen tall tallet tallene resultat svaret svar ligningen ligning lik betyr først deretter
        løsning løsningen verdi oppgaven vet kanskje alltid aldri blir vil si sier setter ganger dividerer ser
        siste tilfelle side sant usant riktig feil noe ingenting vår kommer mindre spørsmål anta dermed følger
        dette disse denne ny helt omtrent la gang""",
    "tr": """ve veya ya ile bir bu şu o ama fakat ancak değil var yok için gibi kadar daha çok en her tüm bütün hiç ne
        kim nasıl neden niçin nerede hangi kaç eğer ise çünkü yüzden dolayısıyla öyleyse yani şimdi burada sonra
        önce olarak olan olur olsun oldu edelim edilir ediyoruz biz ben sen onlar bize bunu bunun iki üç dört beş
        buluruz hesaplayalım kontrol toplam sayı sayısı sayılar sonuç cevap denklem eşit eşittir demektir çözüm
        değer değeri soru biliyoruz kalır belki asla zaman de da mi mı ki buradan şunu geriye yerine koyarsak
        çarparız böleriz ekleriz çıkarırız görüyoruz son durum taraf doğru yanlış şey hiçbir bizim değildir
        değiliz olacak fazla az varsayalım ayrıca böylece hâlâ dedik neyse tamam bakalım""",
    "id": """dan atau tetapi tapi tidak bukan adalah ialah ada yang di ke dari dengan untuk pada oleh dalam antara
        tanpa seperti jika kalau maka karena sebab jadi sehingga namun juga hanya sudah masih sangat lebih semua
        setiap lain ini itu kita kami saya anda dia mereka apa siapa bagaimana mengapa kapan mana berapa dua tiga
        empat lima diperoleh hitung periksa jumlah bilangan angka hasil jawaban persamaan sama berarti pertama
        kemudian akhirnya solusi nilai soal tahu sisa mungkin selalu akan bisa dapat harus sekarang mari demikian
        substitusi kalikan bagi kurangkan tambahkan lihat terakhir kasus sisi benar salah sesuatu telah lagi
        kurang pertanyaan misalkan tersebut tinggal perlu diperiksa sekali tetap bahwa""",
    "vi": """và hoặc nhưng không là có được của cho với từ đến trong trên dưới ngoài giữa bằng như nếu thì vì nên do đó
        vậy tuy nhiên cũng chỉ đã đang sẽ rất hơn tất cả mỗi khác này kia ta chúng tôi bạn nó họ gì ai sao khi đâu
        bao nhiêu hai ba bốn năm tính kiểm tra tổng số kết quả đáp án phương trình nghĩa đầu tiên sau cuối cùng
        nghiệm giá trị bài toán biết còn lại phải cần các những một suy ra thay vào công thức nhân chia cộng trừ
        thấy trường hợp vế đúng sai mình nữa ít câu hỏi giả sử ấy lần""",
}
COMMON: Final = {
    language: frozenset(words.split()) | MARKERS.get(language, set()) for language, words in _WORDS.items()
}
"""Language -> its words, lower case."""
LANGUAGES_OF: Final = {
    word: tuple(language for language, words in COMMON.items() if word in words)
    for word in frozenset().union(*COMMON.values())
}
"""Word -> the languages it is common in."""

_ALWAYS = "therefore however because hence thus actually since maybe okay but so we which the these"
_SPOKEN = "wait hmm alright finally now first next then yes no right well"
CUES: Final = {"always": frozenset(_ALWAYS.split()), "spoken": frozenset(_SPOKEN.split())}
CUE_AFTER: Final = re.compile(r"\s*(?:[,，.!?…、:：]|$)")
"""English words that never stand in another language's technical prose: the first anywhere, the second before a comma
or a stop."""

_NAMING = """answer number numbers sum value case problem solution step equal equals check find need first second next
    last both each any all more most other same only over out up about after before between until while where when
    which what then from into just like here again still such with without one two three four five six seven eight
    nine ten zero for not and or in is if do to by at on as"""
NAMING: Final = frozenset(_NAMING.split())
"""English words that options, keywords and terms are named by in every language's texts: alone they say nothing."""
_REMARKS = """makes make looks look sounds seems works good right correct perfect nice great sure fine wrong enough
    obviously clearly exactly alternatively similarly moreover furthermore indeed finally sense hold done easy simple
    sorry please thanks"""
REMARKS: Final = frozenset(_REMARKS.split())
"""English words that remark on what was said: a phrase with one of them is no term."""

_ARABIC, _DEVANAGARI, _CYRILLIC = RANGES["Arabic"], RANGES["Devanagari"], RANGES["Cyrillic"]


def _whole(words: str, letters: str) -> str:
    return f"(?<![{letters}])(?:{'|'.join(words.split())})(?![{letters}])"


_CHINESE_IN_JAPANESE = (
    "[们这么吗呢吧你您说还没让给从时为几两应该结证设则约总问题边长过进样图单发开关现见觉认识讲请谁语书东车马门间闻无對這們嗎麼妳說還沒讓從]"
    "|所以(?![でがはを])|因此|得到|可以|就是|但是|如果|不是|也是|都是|因為|然後|首先|其中|並且|而且|即可|等於|答案是|等于|我们|我們|意的是|要的是|的是[，,：:]"
)
_HINDI = "है हैं और नहीं में से को के यह वह ये था थे लिए इसलिए लेकिन क्योंकि अगर कितने कितना चाहिए करें हमें यहाँ"
_MARATHI = "आहे आहेत आणि नाही नाहीत म्हणून म्हणजे पण किंवा मध्ये त्याचे त्यांचे केले असते असेल होईल किती आपण येते"
_NEPALI = "छ छन् भने हुन्छ यसैले किनभने पनि हामी गर्नुहोस् भयो कति"
STRANGE: Final = {
    "ru": re.compile(
        "[іїєґўђћџљњјІЇЄҐЎ]|" + _whole("следователно защото обаче също трябва когато което които нека", _CYRILLIC)
    ),
    "uk": re.compile(
        "[ыэъёЫЭЪЁђћџљњјЂЋЏЉЊЈ]|" + _whole("что если или поэтому только когда нет следовательно значит", _CYRILLIC)
    ),
    "bg": re.compile(
        "[ыэёіїєґЫЭЁІЇЄҐђћџљњјЂЋЏЉЊЈ]|" + _whole("что если потому поэтому только следовательно значит тогда", _CYRILLIC)
    ),
    "sr": re.compile("[ыэщъьйюяЫЭЩЪЬЙЮЯ]"),
    "ar": re.compile("[پچژگٹڈڑے]|" + _whole("است این که را برای بنابراین باید می", _ARABIC)),
    "fa": re.compile("[ٹڈڑے]|" + _whole("هذا هذه الذي التي إذن لذلك لأن يجب نحصل ليس", _ARABIC)),
    "ur": re.compile(_whole("است این هذا هذه الذي التي لأن لذلك بنابراین", _ARABIC)),
    "hi": re.compile(_whole(f"{_MARATHI} {_NEPALI}", _DEVANAGARI)),
    "mr": re.compile(_whole(f"{_HINDI} {_NEPALI}", _DEVANAGARI)),
    "ne": re.compile(_whole(f"{_HINDI} {_MARATHI}", _DEVANAGARI)),
    "ja": re.compile(_CHINESE_IN_JAPANESE),
}
"""Target -> letters and words that its own texts never hold but a neighbour's do."""
