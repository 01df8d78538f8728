"""Words that open a step of reasoning ("moreover", "offenbar") or a task ("berechne") in languages that write Latin.

A closed class, chosen by hand: one of them alone tells a language. Does not cover the words that hold sentences
together (`words.py`).
"""

from __future__ import annotations

from typing import Final

_MARKERS: Final = {
    "en": """alternatively similarly moreover furthermore indeed exactly clearly obviously basically simply overall
        instead although though whereas whether meanwhile nevertheless otherwise conversely likewise anyway
        apparently certainly definitely essentially eventually fortunately generally hopefully importantly
        initially interestingly namely notably originally possibly precisely presumably previously probably
        specifically subsequently surely ultimately unfortunately usually consequently accordingly regardless
        altogether perhaps""",
    "de": """natürlich offensichtlich tatsächlich außerdem übrigens allerdings nämlich sicherlich wahrscheinlich
        vermutlich umgekehrt einerseits andererseits beispielsweise letztendlich letztlich jedenfalls hingegen
        dagegen trotzdem dennoch mithin zudem ferner ansonsten andernfalls gleichzeitig grundsätzlich
        normalerweise üblicherweise eventuell möglicherweise hoffentlich leider glücklicherweise zumindest
        mindestens höchstens keineswegs nachdem bevor während solange indem sodass entweder weder sowohl wobei
        woraus worauf hierfür hieraus darauf darum darüber hinzu zusammengefasst abschließend offenbar
        selbstverständlich schlicht zwar sogar""",
    "fr": """évidemment naturellement effectivement autrement notamment cependant néanmoins toutefois pourtant
        d'ailleurs finalement premièrement deuxièmement exactement simplement probablement certainement
        heureusement malheureusement généralement normalement précisément justement clairement apparemment
        inversement réciproquement tellement plutôt jusque jusqu'à lors désormais davantage presque quasiment
        parfois souvent quoique hormis outre hélas bref voire quant puisqu'il lorsqu'on""",
    "es": """obviamente naturalmente efectivamente exactamente simplemente probablemente ciertamente afortunadamente
        desafortunadamente generalmente normalmente precisamente claramente aparentemente inversamente
        alternativamente análogamente evidentemente básicamente realmente directamente únicamente solamente
        todavía aún quizá acaso sino excepto incluso asimismo igualmente anteriormente posteriormente cualquier
        cualquiera tanto tanta resumiendo concretamente""",
    "it": """ovviamente naturalmente effettivamente esattamente semplicemente probabilmente certamente fortunatamente
        purtroppo generalmente normalmente precisamente chiaramente apparentemente inversamente analogamente
        evidentemente praticamente realmente davvero direttamente solamente soltanto tuttavia comunque inoltre
        infatti altrimenti ovvero ossia nonostante benché sebbene affinché finché eppure neanche nemmeno neppure
        almeno piuttosto successivamente precedentemente riassumendo""",
    "pt": """obviamente naturalmente efetivamente exatamente simplesmente provavelmente certamente felizmente
        infelizmente geralmente normalmente precisamente claramente aparentemente inversamente analogamente
        evidentemente basicamente realmente diretamente unicamente somente todavia contudo entretanto entanto
        aliás afinal além disso senão exceto igualmente anteriormente posteriormente qualquer quaisquer tanto
        tanta conforme resumindo""",
    "nl": """natuurlijk uiteraard inderdaad bovendien overigens bijvoorbeeld uiteindelijk waarschijnlijk vermoedelijk
        vandaar samengevat kortom namelijk immers trouwens daarentegen desondanks niettemin daarnaast tevens
        eveneens hopelijk helaas gelukkig meestal simpelweg duidelijk blijkbaar kennelijk omgekeerd tenminste
        minstens hoogstens hooguit nadat voordat zodat opdat hoewel ofschoon tenzij indien zodra ondanks vanwege
        behalve""",
    "pl": """oczywiście naturalnie faktycznie rzeczywiście dokładnie prawdopodobnie niestety ogólnie zazwyczaj zwykle
        właśnie wyraźnie najwyraźniej odwrotnie analogicznie podobnie podsumowując ponadto poza natomiast jednakże
        wprawdzie mianowicie przynajmniej ostatecznie początkowo później wcześniej zobaczmy sprawdzić policzmy
        wówczas wtedy gdyby jakby chociaż choć mimo pomimo dopiero prawie nawet tymczasem inaczej przykład
        ewentualnie""",
    "cs": """samozřejmě přirozeně skutečně přesně pravděpodobně bohužel naštěstí obecně obvykle zřejmě naopak podobně
        obdobně shrnuto navíc kromě ovšem nicméně avšak totiž alespoň nakonec původně později dříve podívejme
        spočítejme tehdy kdyby ačkoli přestože přesto teprve téměř dokonce mezitím jinak například opravdu vlastně
        prostě jednoduše""",
    "sv": """naturligtvis självklart faktiskt exakt troligen förmodligen tyvärr lyckligtvis vanligtvis tydligen
        uppenbarligen omvänt likaså dessutom däremot emellertid nämligen åtminstone ursprungligen senare tidigare
        sammanfattningsvis således följaktligen medan trots nästan istället annars exempelvis egentligen exempel""",
    "da": """naturligvis selvfølgelig faktisk præcis sandsynligvis formentlig desværre heldigvis åbenbart omvendt
        ligeledes desuden derimod imidlertid nemlig mindst endelig oprindelig senere tidligere sammenfattende
        således følgelig mens trods næsten ellers eksempelvis egentlig eksempel""",
    "no": """naturligvis selvfølgelig faktisk nøyaktig sannsynligvis dessverre heldigvis vanligvis åpenbart omvendt
        likeledes dessuten derimot imidlertid nemlig minst endelig opprinnelig senere tidligere oppsummert således
        følgelig mens nesten ellers eksempelvis egentlig eksempel""",
    "ro": """desigur evident probabil bineînțeles aparent invers totuși adică anume ulterior anterior practic cumva
        nicidecum oricum altfel exemplu respectiv întrucât fiindcă deși""",
    "hu": """természetesen valóban pontosan valószínűleg sajnos szerencsére általában rendszerint nyilván nyilvánvalóan
        fordítva hasonlóan összefoglalva továbbá viszont ellenben ugyanakkor legalább eredetileg később korábban
        például másrészt egyrészt röviden különben egyébként mindazonáltal habár noha bár szinte majdnem éppen
        egyszerűen tulajdonképpen""",
    "fi": """tietenkin luonnollisesti todellakin tarkalleen todennäköisesti valitettavasti onneksi yleensä tavallisesti
        selvästi ilmeisesti päinvastoin samoin lisäksi toisaalta kuitenkaan nimittäin ainakin lopulta myöhemmin
        aiemmin esimerkiksi yhteenvetona lyhyesti muuten vaikka melkein juuri yksinkertaisesti oikeastaan
        katsotaan eikä vaan sillä""",
    "tr": """elbette tabii gerçekten kesinlikle muhtemelen maalesef genellikle normalde açıkça görünüşe tersine benzer
        şekilde üstelik halbuki oysa zira nitekim mesela örneğin kısacası özetle aslında sonunda başlangıçta
        önceden henüz hemen neredeyse bile yine tekrar şüphesiz""",
    "id": """tentu saja memang sebenarnya sayangnya untungnya umumnya biasanya jelas sebaliknya selanjutnya selain
        sedangkan sementara meskipun walaupun setidaknya akhirnya awalnya nanti sebelumnya misalnya contohnya
        singkatnya ternyata pokoknya artinya yaitu yakni""",
}
MARKERS: Final = {language: frozenset(words.split()) for language, words in _MARKERS.items()}
"""Language -> its sentence adverbs, lower case."""

_PHRASES = """in short | for example | as expected | no doubt | once more | of course | on the other hand | in
    other words | to sum up | in fact | in general | in particular | at first | at last | so far | by
    the way | after all | in addition | as a result | for instance | in conclusion | as usual | above
    all | in summary | in contrast | in practice | in theory | in total | hold on | so far so good | no
    problem | by definition | sanity check"""
PHRASES: Final = tuple(" ".join(phrase.split()) for phrase in _PHRASES.split("|"))
"""English adverbials whose words alone may name options."""

_TASKS: Final = {
    "en": """solve compute calculate simplify factor factorise factorize integrate differentiate evaluate expand
        prove find determine define explain name list convert state graph plot divide multiply subtract""",
    "de": """berechne berechnen löse vereinfache bestimme beweise ermittle finde faktorisiere integriere erkläre
        nenne definiere zeige runde schreibe zeichne""",
    "fr": """calcule calculez calculer résous résoudre simplifie simplifier factorise factoriser détermine déterminer
        démontre démontrer trouve trouver intègre intégrer développe développer explique définis donne évalue""",
    "es": """calcula calcular resuelve resolver simplifica simplificar factoriza factorizar determina halla hallar
        encuentra integra demuestra deriva explica define evalúa""",
    "it": """calcola calcolare risolvi risolvere semplifica semplificare scomponi fattorizza determina trova integra
        dimostra deriva spiega definisci""",
    "pt": """calcule resolva simplifique fatore determine ache encontre integre prove demonstre explique defina""",
    "nl": """bereken vereenvoudig ontbind bepaal vind integreer bewijs verklaar definieer reken""",
    "pl": """oblicz rozwiąż uprość wyznacz znajdź udowodnij wykaż zdefiniuj wyjaśnij podaj rozłóż scałkuj""",
    "cs": """vypočítej vypočítejte spočítej vyřeš vyřešte zjednoduš určete najdi dokaž dokažte definuj vysvětli""",
    "sv": """beräkna lös förenkla faktorisera bestäm bevisa förklara definiera""",
    "da": """beregn løs forenkl faktoriser bestem bevis forklar definer""",
    "no": """beregn løs forenkle faktoriser bestem bevis forklar definer""",
    "ro": """calculează calculați rezolvă rezolvați simplifică simplificați determină determinați demonstrează
        demonstrați află aflați explică definește""",
    "hu": """számítsd számítsa oldd egyszerűsítsd határozd bizonyítsd magyarázd definiáld""",
    "fi": """laske ratkaise sievennä määritä todista integroi derivoi selitä määrittele""",
    "tr": """hesapla hesaplayın çöz çözün sadeleştir bul bulun kanıtla ispatla açıkla tanımla""",
    "id": """hitung hitunglah selesaikan sederhanakan tentukan carilah buktikan jelaskan definisikan""",
}
TASKS: Final = {language: frozenset(words.split()) for language, words in _TASKS.items()}
"""Language -> the verbs its short tasks begin with: "Factor x^2 - 9."."""
