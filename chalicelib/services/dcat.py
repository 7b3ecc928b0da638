"""The catalogue of the published tables by DCAT-AP 3, as JSON-LD, for portals that harvest.

Every IRI is absolute: a file that was carried elsewhere says the same. Every node is told its class: a
validator has nothing but this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from chalicelib.domain.instance import Instance
from chalicelib.languages import texts
from chalicelib.services.columns import TABLES
from chalicelib.services.dictionary import LANGUAGES, summary, title
from chalicelib.services.published_tables import Copy, Published

CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

AUTHORITY = "http://publications.europa.eu/resource/authority/"
"""Where the EU's lists of languages, frequencies, themes and file types are."""

_MEDIA = "https://www.iana.org/assignments/media-types/"
_EU_LANGUAGES = {"pl": "POL", "en": "ENG", "uk": "UKR"}
_THEME = {
    "pl": "Sprawiedliwość, ustrój sądów i bezpieczeństwo publiczne",
    "en": "Justice, legal system and public safety",
}
"""The theme's own names in the EU's list, which has no Ukrainian one."""

LATEST = "/data/exports/latest/"
"""Where the newest exports always are."""

Node: TypeAlias = dict[str, Any]


def catalogue(instance: Instance, site_url: str, day: date, tables: Iterable[Published]) -> Node:
    """Return the catalogue of a build of `day` as a JSON-LD document; its addresses are the stable ones."""
    return {"@context": CONTEXT, "@graph": _Catalogue(instance, site_url, day).nodes(list(tables))}


class _Catalogue:
    def __init__(self, instance: Instance, site_url: str, day: date) -> None:
        self.instance, self.site, self.day = instance, site_url, day
        self.latest = f"{site_url}{LATEST}"
        self.page = f"{self.latest}dcat.jsonld"
        licence = instance.open_data.licence
        self.licence = {"@id": licence.authority, "@type": "dct:LicenseDocument", "dct:identifier": licence.url}

    def nodes(self, tables: list[Published]) -> list[Node]:
        return [
            {
                "@id": f"{self.page}#catalogue",
                "@type": "dcat:Catalog",
                "dct:title": self._package("package.title"),
                "dct:description": self._package("package.summary"),
                "dct:publisher": self._publisher(),
                "dct:license": self.licence,
                "dct:language": self._languages(),
                "dct:modified": _day(self.day),
                "dct:spatial": self._places(),
                "dcat:themeTaxonomy": {
                    "@id": f"{AUTHORITY}data-theme",
                    "@type": "skos:ConceptScheme",
                    "dct:title": {"@value": "Data theme", "@language": "en"},
                },
                "foaf:homepage": {"@id": f"{self.site}/", "@type": "foaf:Document"},
                "dcat:dataset": [{"@id": self._iri(table.name)} for table in tables],
            },
            *(self._dataset(table) for table in tables),
        ]

    def _dataset(self, table: Published) -> Node:
        described = TABLES[table.name]
        return {
            "@id": self._iri(table.name),
            "@type": "dcat:Dataset",
            "dct:identifier": self._iri(table.name),
            "dct:title": _tagged({language: title(described, language) for language in LANGUAGES}),
            "dct:description": _tagged({language: summary(described, language) for language in LANGUAGES}),
            "dcat:keyword": [
                {"@value": word, "@language": language}
                for language in LANGUAGES
                for word in texts("dictionary", language)["keywords"].split(", ")
            ],
            "dct:publisher": {"@id": f"{self.page}#publisher"},
            "dcat:contactPoint": {
                "@id": f"{self.page}#contact",
                "@type": ["vcard:Kind", "vcard:Organization"],
                "vcard:fn": self._name(),
                "vcard:hasURL": {"@id": f"{self.site}/"},
            },
            "dcat:theme": {
                "@id": f"{AUTHORITY}data-theme/JUST",
                "@type": "skos:Concept",
                "skos:prefLabel": _tagged(_THEME),
            },
            "dct:accessRights": {"@id": f"{AUTHORITY}access-right/PUBLIC", "@type": "dct:RightsStatement"},
            "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}frequency/DAILY", "@type": "dct:Frequency"},
            "dct:language": self._languages(),
            "dct:modified": _day(self.day),
            "dct:spatial": self._places(),
            "dct:temporal": {
                "@type": "dct:PeriodOfTime",
                "dcat:startDate": _day(table.first),
                "dcat:endDate": _day(table.last),
            },
            "dcat:landingPage": {"@id": f"{self.site}/", "@type": "foaf:Document"},
            "foaf:page": {"@id": f"{self.latest}dictionary.json", "@type": "foaf:Document"},
            "dcat:distribution": [self._distribution(table, copy) for copy in table.copies],
        }

    def _distribution(self, table: Published, copy: Copy) -> Node:
        return {
            "@id": self._iri(f"{table.name}-{copy.format.name}"),
            "@type": "dcat:Distribution",
            "dct:title": _tagged(
                {language: f"{title(TABLES[table.name], language)} ({copy.format.name})" for language in LANGUAGES}
            ),
            **self._files(table, copy),
            "dct:format": {
                "@id": f"{AUTHORITY}file-type/{copy.format.authority}",
                "@type": "dct:MediaTypeOrExtent",
            },
            "dcat:mediaType": {"@id": f"{_MEDIA}{copy.format.media_type}", "@type": "dct:MediaType"},
            **(
                {"dcat:compressFormat": {"@id": f"{_MEDIA}application/gzip", "@type": "dct:MediaType"}}
                if copy.format.gzipped
                else {}
            ),
            "dct:license": self.licence,
            "dct:modified": _day(self.day),
            "dcatap:availability": {
                "@id": f"{AUTHORITY}planned-availability/AVAILABLE",
                "@type": "skos:Concept",
                "skos:prefLabel": {"@value": "available", "@language": "en"},
            },
        }

    def _files(self, table: Published, copy: Copy) -> Node:
        """Name the file; where there are many, the index that names them all, for a distribution has one checksum."""
        size = {"dcat:byteSize": {"@value": str(copy.size), "@type": "xsd:nonNegativeInteger"}}
        (first, *more) = copy.files
        if more or "/" in first.key:
            return {"dcat:accessURL": {"@id": f"{self.latest}{table.name}.json"}, **size}
        address = {"@id": f"{self.latest}{first.key}"}
        return {
            "dcat:accessURL": address,
            "dcat:downloadURL": address,
            **size,
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
                "spdx:checksumValue": {"@value": first.sha256, "@type": "xsd:hexBinary"},
            },
        }

    def _publisher(self) -> Node:
        return {"@id": f"{self.page}#publisher", "@type": "foaf:Agent", "foaf:name": self._name()}

    def _name(self) -> list[Node]:
        return _tagged(self.instance.open_data.publisher)

    def _package(self, key: str) -> list[Node]:
        names = self.instance.names
        return _tagged(
            {
                language: texts("dictionary", language)[key].format(
                    place=names.get(language, names[self.instance.default_language])
                )
                for language in LANGUAGES
            }
        )

    def _languages(self) -> list[Node]:
        return [
            {"@id": f"{AUTHORITY}language/{code}", "@type": "dct:LinguisticSystem"} for code in _EU_LANGUAGES.values()
        ]

    def _places(self) -> list[Node]:
        west, south, east, north = self.instance.bounds
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        box = f"POLYGON(({', '.join(f'{lon} {lat}' for lon, lat in corners)}))"
        return [
            *({"@id": place, "@type": "dct:Location"} for place in self.instance.open_data.places),
            {"@type": "dct:Location", "dcat:bbox": {"@value": box, "@type": "geo:wktLiteral"}},
        ]

    def _iri(self, name: str) -> str:
        return f"{self.page}#{name}"


def _tagged(words: Mapping[str, str]) -> list[Node]:
    return [{"@value": text, "@language": language} for language, text in words.items()]


def _day(day: date) -> Node:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
