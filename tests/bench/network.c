/* The network that the benchmarks run on, as CSV for `jazari import`:
 *
 *     network organisations          100 of them, ROOT-G1001 ...
 *     network projects COUNT         as many projects, SITE-P1 ..., of all thirteen sites
 *
 * The same bytes each time. What is plausible of a network of years is kept, because it is what makes lists slow: the
 * projects that were due long ago are over, most are neither red nor late, some words are in nearly every text and some
 * in a handful. One text in six is Arabic. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ORGANISATIONS = 100, FIRST_ORGANISATION = 1001, THIS_YEAR = 2026 };

static const char *const sites[] = {"ROOT", "TTA", "ORI", "FMK", "RSK", "BMK", "CAS",
                                    "MSF",  "DTF", "SMA", "GON", "LSH", "DOD"};
/* Of a hundred, in the order of the sites: as people live. */
static const int shares[] = {4, 11, 6, 11, 13, 7, 19, 12, 5, 8, 2, 1, 1};

static const char *const sectors[] = {"agriculture",      "water",     "energy",     "fisheries", "environment",
                                      "health",           "education", "employment", "justice",   "administration",
                                      "transport",        "tourism",   "industry",   "crafts",    "languages",
                                      "civil_protection", "housing",   "social"};
static const char *const axes[] = {"sovereignty_and_trust", "innovation_and_competitiveness",
                                   "impact_adoption_and_influence"};

static const char *const acts[] = {
    "Prévision :",        "Détection :",    "Suivi :",           "Cartographie :",     "Aide à la décision :",
    "Alerte précoce :",   "Modèle :",       "Assistant vocal :", "Analyse d’images :", "Planification :",
    "Registre :",         "Simulation :",   "Transcription :",   "Classement :",       "Évaluation :",
    "Jumeau numérique :", "Contrôle :",     "Estimation :",      "Orientation :",      "Traduction :",
    "Surveillance :",     "Optimisation :", "Plateforme :",      "Reconnaissance :"};
static const char *const subjects[] = {"l’irrigation des vergers",
                                       "la demande électrique",
                                       "la recharge des nappes",
                                       "la cochenille du cactus",
                                       "l’état des pistes rurales",
                                       "la file des urgences",
                                       "l’abandon scolaire",
                                       "l’arganeraie",
                                       "la forêt de cèdres",
                                       "les crues du piémont",
                                       "la pêche côtière",
                                       "les palmeraies",
                                       "la qualité de l’eau",
                                       "les feux de forêt",
                                       "la pollution de l’air",
                                       "les requêtes des citoyens",
                                       "le dépistage de la rétinopathie",
                                       "la tuberculose",
                                       "les manuscrits anciens",
                                       "la darija parlée",
                                       "l’amazighe écrit",
                                       "le transport scolaire",
                                       "les marchés hebdomadaires",
                                       "les offres d’emploi",
                                       "le tourisme de montagne",
                                       "l’artisanat du zellige",
                                       "les coopératives féminines",
                                       "la collecte des déchets",
                                       "les barrages",
                                       "les fuites du réseau",
                                       "l’ensablement des oasis",
                                       "le cheptel ovin",
                                       "la céréaliculture pluviale",
                                       "les serres de tomates",
                                       "les phosphates",
                                       "le port et ses accès",
                                       "l’énergie solaire",
                                       "les éoliennes du littoral",
                                       "le dessalement",
                                       "les titres fonciers",
                                       "les dossiers de justice",
                                       "les archives communales",
                                       "la formation des enseignants",
                                       "la santé maternelle",
                                       "les vaccinations",
                                       "le logement insalubre",
                                       "les séismes",
                                       "les nuées de criquets",
                                       "la safranière",
                                       "la rose à parfum"};
static const char *const heads[] = {"Aït",  "Oulad",  "Sidi",   "Beni", "Douar",  "Ksar",
                                    "Tizi", "Imi n’", "Moulay", "Souk", "Ighrem", "Dar"};
static const char *const tails[] = {
    "Brahim",   "Yahya",   "Ourir",   "Melloul",  "Bouzid",  "Slimane", "Hammou",    "Zekri",   "Tadart",
    "Ounein",   "Lahcen",  "Rahal",   "Boulahna", "Taghia",  "Mgouna",  "Ouzoud",    "Azilal",  "Zaouia",
    "Amghar",   "Tanant",  "Khemis",  "Tnine",    "Arbaa",   "Jdid",    "Tafza",     "Ouargha", "Guerrouane",
    "Zemmour",  "Chtouka", "Haouara", "Seksawa",  "Glaoua",  "Ntifa",   "Bouguemez", "Ifrane",  "Outat",
    "Tazarine", "Nkob",    "Agdz",    "Foum",     "Tata",    "Akka",    "Assa",      "Zag",     "Smara",
    "Boujdour", "Bir",     "Guelta",  "Aousserd", "Lagouira"};
static const char *const ends[] = {
    "", "", "", "", " (phase 2)", " (lot 3)", " : passage à l’échelle", " : volet régional"};
static const char *const notes[] = {
    "Un modèle ouvert est entraîné sur les données de la région puis évalué avec les services.",
    "Les agents gardent la décision ; l’outil propose et explique.",
    "Capteurs à bas coût, relais par téléphone et tableau de bord hebdomadaire.",
    "Les données personnelles restent sur place et sont effacées après traitement.",
    "Trois communes pilotes, puis extension à la province si les indicateurs sont tenus.",
    "Le code et les jeux de données sont publiés sous licence libre.",
    "Calcul prêté par une autre région pendant l’entraînement.",
    "Une équipe de quatre personnes, formée pendant six semaines.",
    "Les erreurs sont relevées chaque mois et le modèle est corrigé.",
    "Utilisable hors connexion, en français, en arabe et en amazighe."};

static const char *const arabic_acts[] = {
    "توقع", "رصد", "خريطة", "نظام إنذار مبكر حول", "مساعد صوتي من أجل", "تحليل صور", "تخطيط", "سجل", "تقييم", "ترجمة"};
static const char *const arabic_subjects[] = {
    "سقي البساتين",      "الطلب على الكهرباء", "الفرشة المائية",   "الهدر المدرسي",     "غابة الأرز",
    "فيضانات الأودية",   "الصيد الساحلي",      "واحات النخيل",     "جودة المياه",       "حرائق الغابات",
    "شكايات المواطنين",  "المخطوطات القديمة",  "الدارجة المغربية", "اللغة الأمازيغية",  "النقل المدرسي",
    "الأسواق الأسبوعية", "عروض الشغل",         "السياحة الجبلية",  "الصناعة التقليدية", "التعاونيات النسائية",
    "صحة الأم والطفل",   "الطاقة الشمسية",     "تحلية مياه البحر", "زراعة الزعفران"};
static const char *const arabic_places[] = {
    "جهة الشرق",     "وجدة",  "فاس",    "مكناس",   "الرباط",   "سلا",     "القنيطرة", "بني ملال", "خنيفرة",
    "الدار البيضاء", "سطات",  "مراكش",  "آسفي",    "الرشيدية", "ورزازات", "زاكورة",   "أكادير",   "تارودانت",
    "تزنيت",         "كلميم", "العيون", "الداخلة", "طنجة",     "تطوان",   "الحسيمة",  "شفشاون"};
static const char *const arabic_notes[] = {
    "نموذج مفتوح يدرب على معطيات الجهة ثم يقيم مع المصالح المعنية.", "القرار يبقى بيد الموظفين والأداة تقترح وتشرح.",
    "ثلاث جماعات تجريبية ثم التعميم على الإقليم.", "تحفظ المعطيات الشخصية في مكانها وتحذف بعد المعالجة."};

#define COUNT(array)        ((int)(sizeof(array) / sizeof *(array)))
#define ONE_OF(array, luck) ((array)[chance((luck), 0, COUNT(array) - 1)])

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t luck_next(uint64_t *luck) {
    uint64_t z = *luck += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static int chance(uint64_t *luck, int from, int to) {
    return from + (int)(luck_next(luck) % (uint64_t)(to - from + 1));
}

static bool percent(uint64_t *luck, int of_hundred) {
    return chance(luck, 1, 100) <= of_hundred;
}

static int site_of(uint64_t *luck) {
    int at = chance(luck, 0, 99), site = 0;
    while (at >= shares[site]) {
        at -= shares[site++];
    }
    return site;
}

static void print_title(uint64_t *luck, bool arabic, int64_t number) {
    if (arabic) {
        printf("%s %s", ONE_OF(arabic_acts, luck), ONE_OF(arabic_subjects, luck));
        printf(" في %s", ONE_OF(arabic_places, luck));
        return;
    }
    /* A handful of a million have a word that no other has. */
    if (number % 199999 == 7) printf("Herbier à %s", "xérophytes");
    else {
        printf("%s ", ONE_OF(acts, luck));
        printf("%s", ONE_OF(subjects, luck));
    }
    printf(" à %s", ONE_OF(heads, luck));
    printf(" %s", ONE_OF(tails, luck));
    printf("%s", ONE_OF(ends, luck));
}

static void print_summary(uint64_t *luck, bool arabic) {
    int sentences = chance(luck, 0, 3);
    putchar('"');
    for (int i = 0; i < sentences; i++) {
        printf("%s%s", i ? " " : "", arabic ? ONE_OF(arabic_notes, luck) : ONE_OF(notes, luck));
    }
    putchar('"');
}

/* What is long due is over, with few exceptions; what is not yet due is under way. */
static const char *state_of(uint64_t *luck, int due_year) {
    int at = chance(luck, 1, 1000);
    if (due_year < THIS_YEAR) return at <= 870 ? "completed" : at <= 985 ? "stopped" : at <= 995 ? "on_hold" : "active";
    if (due_year == THIS_YEAR)
        return at <= 350 ? "completed" : at <= 400 ? "stopped" : at <= 440 ? "on_hold" : "active";
    return at <= 250 ? "proposed" : at <= 290 ? "on_hold" : at <= 320 ? "stopped" : "active";
}

static const char *stage_of(uint64_t *luck) {
    int at = chance(luck, 1, 100);
    return at <= 40 ? "research" : at <= 70 ? "pilot" : at <= 90 ? "deployment" : "operation";
}

static void print_project(uint64_t *luck, int64_t number, int64_t counters[COUNT(sites)]) {
    int site = site_of(luck), due_year = chance(luck, 2019, 2029), length = chance(luck, 0, 2);
    bool arabic = percent(luck, 16);
    int health = chance(luck, 1, 100), month = chance(luck, 1, 12), day = chance(luck, 1, 28);
    int64_t budget = INT64_C(50000) * chance(luck, 2, 160);
    printf("%s-P%" PRId64 ",%s,%s,", sites[site], ++counters[site], sites[site], state_of(luck, due_year));
    print_title(luck, arabic, number);
    printf(",%s,%s", stage_of(luck), health <= 75 ? "green" : health <= 93 ? "amber" : "red");
    printf(",%04d-%02d-%02d,%s", due_year, month, day, ONE_OF(sectors, luck));
    printf(",%" PRId64 ",%" PRId64, budget, budget / 10 * chance(luck, 0, 10));
    printf(",%04d-%02d-%02d,", due_year - length, chance(luck, 1, length ? 12 : month), 1);
    if (percent(luck, 90)) printf("ROOT-G%d", FIRST_ORGANISATION + chance(luck, 0, ORGANISATIONS - 1));
    printf(",");
    if (percent(luck, 15)) printf("%s", sites[(site + chance(luck, 0, 10)) % 12 + 1]);
    printf(",%s,", ONE_OF(axes, luck));
    print_summary(luck, arabic);
    putchar('\n');
}

static void print_organisations(void) {
    puts("code,site,state,name,kind");
    for (int i = 0; i < ORGANISATIONS; i++) {
        printf("ROOT-G%d,ROOT,active,Collectivité territoriale %d,local_authority\n", FIRST_ORGANISATION + i, i + 1);
    }
}

int main(int argc, char **argv) {
    static char room[1 << 16];
    int64_t counters[COUNT(sites)] = {0};
    uint64_t luck = 20261123;
    setvbuf(stdout, room, _IOFBF, sizeof room);
    if (argc == 2 && strcmp(argv[1], "organisations") == 0) print_organisations();
    else if (argc == 3 && strcmp(argv[1], "projects") == 0) {
        int64_t count = strtoll(argv[2], NULL, 10);
        puts("code,site,state,title,stage,health,due,sector,budget,funded,start,lead,partners,axis,summary");
        for (int64_t i = 0; i < count; i++) {
            print_project(&luck, i, counters);
        }
    } else {
        fprintf(stderr, "usage: network organisations | projects COUNT\n");
        return 2;
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
