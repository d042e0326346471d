/* Mistakes of a host that the checkers of memory must see. usage: mistake leak|twice */
#include <string.h>

#include "probity.h"

int main(int argc, char **argv)
{
    const double mz[] = {82, 182}, intensity[] = {999, 800};
    probity_query *query = NULL;
    int32_t status = probity_query_from_peaks(mz, intensity, 2, NULL, &query, NULL);

    if (argc != 2 || status != PROBITY_OK)
        return 0;
    if (strcmp(argv[1], "twice") == 0) {
        probity_query_free(query);
        probity_query_free(query);
    }
    query = NULL;
    return 0;
}
