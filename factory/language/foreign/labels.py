"""Headings and labels in another language than the target's: "## Zusammenfassung", "**Respuesta:** 43".

One word that stands alone has no sentence to be told by, so the words that answers are headed with are listed: a closed
class, chosen by hand. Does not cover headings of several words (`foreign.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from factory.language.frequencies import at_home, codes
from factory.language.identify import near
from factory.language.languages import Allowed
from factory.language.scripts import LATIN
from factory.language.text import Span, lower
from factory.language.words import COMMON

_LABELS: Final = {
    "en": """summary details solution answer conclusion step explanation overview example introduction result proof
        verification reasoning approach background advantages disadvantages causes consequences ingredients
        preparation remark methods tips""",
    "de": """zusammenfassung einzelheiten lösung antwort fazit schluss schritt erklärung überblick beispiel
        einleitung ergebnis beweis probe überprüfung begründung ansatz vorgehen hintergrund vorteile nachteile
        ursachen folgen zutaten zubereitung hinweis anmerkung rechnung gegeben gesucht""",
    "fr": """résumé détails solution réponse conclusion étape explication aperçu exemple introduction résultat preuve
        démonstration vérification raisonnement méthode contexte avantages inconvénients causes conséquences
        ingrédients préparation remarque calcul""",
    "es": """resumen detalles solución respuesta conclusión paso explicación ejemplo introducción resultado
        demostración comprobación verificación razonamiento método contexto ventajas desventajas causas
        consecuencias ingredientes preparación nota cálculo""",
    "it": """riassunto riepilogo dettagli soluzione risposta conclusione passo passaggio spiegazione panoramica
        esempio introduzione risultato dimostrazione verifica ragionamento metodo contesto vantaggi svantaggi
        cause conseguenze ingredienti preparazione nota calcolo""",
    "pt": """resumo detalhes solução resposta conclusão passo explicação exemplo introdução resultado demonstração
        verificação raciocínio método contexto vantagens desvantagens causas consequências ingredientes preparo
        nota cálculo""",
    "nl": """samenvatting oplossing antwoord conclusie stap uitleg overzicht voorbeeld inleiding resultaat bewijs
        controle redenering aanpak achtergrond voordelen nadelen oorzaken gevolgen ingrediënten bereiding
        opmerking berekening""",
    "pl": """podsumowanie szczegóły rozwiązanie odpowiedź wniosek wnioski krok wyjaśnienie przegląd przykład wstęp
        wynik dowód sprawdzenie uzasadnienie metoda zalety wady przyczyny skutki składniki przygotowanie uwaga
        obliczenia""",
    "cs": """shrnutí podrobnosti řešení odpověď závěr krok vysvětlení přehled příklad úvod výsledek důkaz ověření
        zkouška postup výhody nevýhody příčiny důsledky ingredience suroviny poznámka výpočet""",
    "sv": """sammanfattning detaljer lösning svar slutsats steg förklaring översikt exempel inledning resultat bevis
        kontroll resonemang metod bakgrund fördelar nackdelar orsaker följder ingredienser tillagning anmärkning
        beräkning""",
    "da": """sammenfatning opsummering detaljer løsning svar konklusion trin forklaring oversigt eksempel indledning
        resultat bevis kontrol fremgangsmåde baggrund fordele ulemper årsager følger ingredienser bemærkning
        beregning""",
    "no": """sammendrag oppsummering detaljer løsning svar konklusjon steg trinn forklaring oversikt eksempel
        innledning resultat bevis kontroll framgangsmåte bakgrunn fordeler ulemper årsaker følger ingredienser
        fremgangsmåte merknad beregning""",
    "ro": """rezumat detalii soluție răspuns concluzie pasul explicație exemplu introducere rezultat demonstrație
        verificare raționament metodă context avantaje dezavantaje cauze consecințe ingrediente preparare
        observație calcul""",
    "hu": """összefoglalás részletek megoldás válasz következtetés lépés magyarázat áttekintés példa bevezetés
        eredmény bizonyítás ellenőrzés indoklás módszer háttér előnyök hátrányok okok következmények hozzávalók
        elkészítés megjegyzés számítás""",
    "fi": """yhteenveto tiivistelmä ratkaisu vastaus johtopäätös vaihe selitys esimerkki johdanto tulos todistus
        tarkistus perustelu menetelmä tausta edut haitat syyt seuraukset ainekset valmistus huomautus laskelma""",
    "tr": """özet ayrıntılar çözüm cevap yanıt sonuç adım açıklama örnek giriş ispat kanıt kontrol yöntem avantajlar
        dezavantajlar nedenler sonuçlar malzemeler hazırlanışı not hesaplama""",
    "id": """ringkasan rincian solusi jawaban kesimpulan langkah penjelasan contoh pendahuluan hasil bukti pembuktian
        pemeriksaan alasan metode kelebihan kekurangan penyebab akibat bahan catatan perhitungan""",
}
LABELS: Final = {language: frozenset(words.split()) for language, words in _LABELS.items()}
"""Language -> what it heads parts of an answer with, lower case."""

_WORD: Final = f"[{LATIN}]{{3,}}"
_LINE: Final = re.compile(
    rf"\n[#>*_ -]{{0,8}}(?:\d+[.)] ?[*_]{{0,3}})?({_WORD})(?: ({_WORD}))?(?: \d{{1,2}})?[*_]{{0,3}} ?"
    r"(?:[:：][*_]{0,3}(?=\s|$)|[.*_]{0,3}(?=\n|$))"
)
"""Begins with a line end rather than with `(?m)^`, which `re` tries at every character."""
_USUAL_AT_HOME: Final = 3.8


@lru_cache(maxsize=64)
def _foreign_labels(languages: frozenset[str]) -> frozenset[str]:
    """The labels of other languages that are no usual words, nor labels, of these or their kin."""
    home = near(languages)
    usual = {word for word, value in at_home(codes(home)).items() if value >= _USUAL_AT_HOME}
    own = frozenset().union(
        *(LABELS.get(language, frozenset()) | COMMON.get(language, frozenset()) for language in home)
    )
    return frozenset().union(*(words for language, words in LABELS.items() if language not in home)) - own - usual


def labels(prose: str, allowed: Allowed) -> Iterator[Span]:
    """Spans of foreign words that head a line or a part of it."""
    foreign = _foreign_labels(allowed.languages)
    for match in _LINE.finditer("\n" + prose):
        for part in (1, 2) if _is_heading(match) else (1,):
            word = lower(match[part])
            if word in foreign and word not in allowed.words:
                yield match.start(part) - 1, match.end(part) - 1


def _is_heading(match: re.Match[str]) -> bool:
    """Whether two words head a part, "## Study methods", and are no term such as "Deductive Reasoning"."""
    return match[2] is not None and (match[1] == "Final" or (match[0].startswith("\n#") and match[2].islower()))
