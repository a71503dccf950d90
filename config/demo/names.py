"""Names of customers, by language; addresses are made of them and of domains that belong to nobody."""

GIVEN = {
    "en": (
        "Agnes", "Alfie", "Amara", "Arthur", "Beatrice", "Callum", "Chidi", "Clara", "Declan", "Dorothy", "Edith",
        "Elliot", "Esme", "Ewan", "Fatima", "Finlay", "Florence", "Freya", "George", "Gwen", "Harriet", "Hassan",
        "Imogen", "Isaac", "Ivy", "Jasmine", "Joel", "Kezia", "Leonard", "Lottie", "Maeve", "Malik", "Margaret",
        "Nathan", "Nell", "Ngozi", "Oscar", "Padma", "Percy", "Quentin", "Rafiq", "Rhiannon", "Rosalind", "Samir",
        "Sheila", "Stanley", "Tabitha", "Theo", "Una", "Victor", "Wilfred", "Winifred", "Yusuf", "Zara",
    ),
    "de": ("Anke", "Bernd", "Cordula", "Dietmar", "Elke", "Friedrich", "Greta", "Holger", "Ilse", "Jutta", "Konrad",
           "Lieselotte", "Matthias", "Norbert", "Petra", "Rainer", "Silke", "Torsten", "Ursula", "Wolfgang"),
    "es": ("Alvaro", "Belen", "Carmen", "Diego", "Elena", "Fernando", "Gloria", "Hugo", "Ines", "Javier", "Lorena",
           "Manuel", "Nuria", "Pablo", "Rocio", "Sergio", "Teresa", "Vicente"),
}  # fmt: skip
FAMILY = {
    "en": (
        "Abbott", "Achebe", "Ainsley", "Barlow", "Bexley", "Birch", "Calder", "Chaudhry", "Crane", "Dalton", "Dunmore",
        "Eastwood", "Ellery", "Fairley", "Fenwick", "Garrick", "Gill", "Goodall", "Hale", "Hartnell", "Holloway", "Ibe",
        "Jessop", "Kaur", "Keating", "Langley", "Lister", "Lockwood", "Marlow", "Merrick", "Mistry", "Nash", "Norwood",
        "Obi", "Ormond", "Parrish", "Penhale", "Quayle", "Radley", "Rahman", "Rowntree", "Sefton", "Shaw", "Stainton",
        "Tindall", "Thackeray", "Underhill", "Varley", "Wainwright", "Whitby", "Wray", "Yardley", "York",
    ),
    "de": ("Ahrens", "Baumann", "Claasen", "Dorn", "Eberhardt", "Falkner", "Grote", "Hagemann", "Imhof", "Jansen",
           "Kessler", "Lindner", "Moser", "Nagel", "Ortmann", "Pfeiffer", "Reuter", "Stahl", "Thiele", "Winkler"),
    "es": ("Alonso", "Benitez", "Campos", "Dominguez", "Esteban", "Fuentes", "Gallego", "Herrero", "Iglesias", "Lozano",
           "Molina", "Navarro", "Ortega", "Pascual", "Quintana", "Rubio", "Serrano", "Vidal"),
}  # fmt: skip
DOMAINS = ("example.com", "example.org", "example.net")
