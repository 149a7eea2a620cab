/* Lists of words that several entities use. */
#include "model/common.h"

const Choice role_choices[] = {
    {ROLE_VIEWER, "viewer", N_("viewer"), TONE_QUIET},
    {ROLE_OPERATOR, "operator", N_("operator"), TONE_PLAIN},
    {ROLE_COORDINATOR, "coordinator", N_("coordinator"), TONE_PLAIN},
    {ROLE_ADMIN, "admin", N_("admin"), TONE_PLAIN},
    {0},
};

const Choice party_choices[] = {
    {PARTY_OWNER + 1, "owner", N_("its own institute"), TONE_PLAIN},
    {PARTY_BORROWER + 1, "borrower", N_("the institute that asked"), TONE_PLAIN},
    {PARTY_COUNTERPART + 1, "counterpart",
     N_("the institute that did not propose it (of ROOT's proposals the one that lends)"), TONE_PLAIN},
    {PARTY_EITHER + 1, "either", N_("the institute that lends or the one that asked"), TONE_PLAIN},
    {PARTY_HUB + 1, "hub", N_("JAZARI ROOT"), TONE_PLAIN},
    {0},
};

const Choice sector_choices[] = {
    {1, "agriculture", N_("agriculture"), TONE_PLAIN},
    {2, "water", N_("water"), TONE_PLAIN},
    {3, "energy", N_("energy"), TONE_PLAIN},
    {4, "fisheries", N_("fisheries"), TONE_PLAIN},
    {5, "environment", N_("environment"), TONE_PLAIN},
    {6, "health", N_("health"), TONE_PLAIN},
    {7, "education", N_("education"), TONE_PLAIN},
    {8, "employment", N_("employment"), TONE_PLAIN},
    {9, "justice", N_("justice"), TONE_PLAIN},
    {10, "administration", N_("administration"), TONE_PLAIN},
    {11, "transport", N_("transport"), TONE_PLAIN},
    {12, "tourism", N_("tourism"), TONE_PLAIN},
    {13, "industry", N_("industry"), TONE_PLAIN},
    {14, "crafts", N_("crafts"), TONE_PLAIN},
    {15, "languages", N_("languages"), TONE_PLAIN},
    {16, "civil_protection", N_("civil protection"), TONE_PLAIN},
    {17, "housing", N_("housing"), TONE_PLAIN},
    {18, "social", N_("social affairs"), TONE_PLAIN},
    {0},
};

/* Stored as level + 1, so that 0 can mean none. */
const Choice data_level_choices[] = {
    {1, "0", N_("0 public"), TONE_PLAIN},     {2, "1", N_("1 internal"), TONE_PLAIN},
    {3, "2", N_("2 restricted"), TONE_PLAIN}, {4, "3", N_("3 personal"), TONE_PLAIN},
    {5, "4", N_("4 sensitive"), TONE_PLAIN},  {0},
};

const Choice urgency_choices[] = {
    {1, "1", N_("1 can wait"), TONE_QUIET},
    {2, "2", N_("2 normal"), TONE_PLAIN},
    {3, "3", N_("3 urgent"), TONE_SOON},
    {4, "4", N_("4 critical"), TONE_LATE},
    {0},
};
